// The app on a phone in Kotlin: keeps messages in a queue on the disk and sends them when the network allows it.
//
//     BACKEND=… SESSION=… java -jar phone.jar API_URL USER_UUID FOLDER [MESSAGES.tsv]
//
// FOLDER keeps the queue and the user token. BACKEND is the address at which the lender's backend gives a user token as
// plain text; SESSION is whatever that backend knows the phone by.
//
// Everything but `main` runs on Android as it is: it uses no packages. docs/examples/README.md shows how to call it
// from a receiver of SMS and from WorkManager.

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.net.HttpURLConnection
import java.net.URL
import java.time.Instant
import kotlin.system.exitProcess

/** An SMS as it arrived. */
data class Message(val sender: String, val body: String, val receivedAtMillis: Long) {
    /** The message as the API takes it, on one line. */
    fun json(): String {
        // The whole second, as the API stores it.
        val receivedAt = Instant.ofEpochSecond(receivedAtMillis / 1000)
        return """{"sender":${quoted(sender.take(64))},"body":${quoted(body.take(16_000))},"received_at":"$receivedAt"}"""
    }
}

/** A JSON string. */
fun quoted(text: String): String = buildString {
    append('"')
    for (letter in text) {
        when {
            letter == '"' || letter == '\\' -> append('\\').append(letter)
            // Also characters that a line of the queue or JSON cannot hold, and halves of characters.
            letter < ' ' || letter.isSurrogate() || letter == '\u2028' || letter == '\u2029' ->
                append("\\u%04x".format(letter.code))
            else -> append(letter)
        }
    }
    append('"')
}

/**
 * Messages that are not sent yet: a file with one message on each line. It survives the end of the app. A message that
 * was added during a power failure may be cut off; it is passed over, and the history is sent again anyway.
 */
class Queue(private val file: File, private val mostBytes: Long = 20L * 1024 * 1024) {
    /** Adds a message. Returns false if the queue is full: the message stays in the phone's inbox. */
    @Synchronized
    fun add(message: Message): Boolean {
        if (file.length() > mostBytes) return false
        RandomAccessFile(file, "rw").use {
            it.seek(it.length())
            it.write((message.json() + "\n").toByteArray())
            it.fd.sync()
        }
        return true
    }

    /** The oldest messages: as many as fit into one request. */
    @Synchronized
    fun oldest(most: Int): List<String> {
        if (!file.exists()) return emptyList()
        var bytes = 0
        return file.useLines { lines ->
            lines.take(most).takeWhile { line ->
                bytes += line.length
                bytes <= MOST_BATCH_CHARACTERS || bytes == line.length
            }.toList()
        }
    }

    /** Removes the oldest messages, once they are sent. */
    @Synchronized
    fun remove(count: Int) {
        val rest = File(file.path + ".rest")
        rest.bufferedWriter().use { writer ->
            file.useLines { lines -> lines.drop(count).forEach { writer.write(it + "\n") } }
        }
        // Replaces the file as a whole. If the app ends before, the messages are sent again, which changes nothing.
        if (!rest.renameTo(file)) throw IOException("cannot replace ${file.path}")
    }

    /** Removes all messages. */
    @Synchronized
    fun clear() {
        file.delete()
    }

    @Synchronized
    fun size(): Int = if (file.exists()) file.useLines { it.count() } else 0

    private companion object {
        // A character has at most three bytes here, and a request at most 1 MiB.
        const val MOST_BATCH_CHARACTERS = 300_000
    }
}

// Needs no parser: a quote inside a text of JSON has a backslash before it, so the expressions match members only.
private val CODE = Regex("\"code\"\\s*:\\s*\"(\\w+)\"")

/** The service's counts for the messages of one run. */
class Receipt {
    var recorded = 0
        private set
    var known = 0
        private set
    var unrecognized = 0
        private set

    /** Messages that the service did not take, by the code of the reason. Sending them again does not help. */
    val rejected = sortedMapOf<String, Int>()

    /** The version of the rules that read messages, as of the last answer. */
    var reader = 0
        private set

    /** Adds the answer to a batch. Returns how many of its messages no rule read. */
    internal fun add(answer: String): Int {
        val unread = number(answer, "unrecognized")
        recorded += number(answer, "recorded")
        known += number(answer, "duplicates")
        unrecognized += unread
        reader = number(answer, "reader")
        CODE.findAll(array(answer, "rejected")).forEach { reject(it.groupValues[1]) }
        return unread
    }

    internal fun reject(code: String) {
        rejected[code] = (rejected[code] ?: 0) + 1
    }

    private fun number(answer: String, name: String): Int =
        Regex("\"$name\"\\s*:\\s*(\\d+)").find(answer)?.groupValues?.get(1)?.toInt() ?: 0

    /** The array of a member, up to its closing bracket: other lists of the answer have codes too. */
    private fun array(answer: String, name: String): String {
        val start = Regex("\"$name\"\\s*:\\s*\\[").find(answer)?.range?.last ?: return ""
        var depth = 0
        var quoted = false
        var at = start
        while (at < answer.length) {
            when (answer[at]) {
                '\\' -> at++
                '"' -> quoted = !quoted
                '[' -> if (!quoted) depth++
                ']' -> if (!quoted && --depth == 0) return answer.substring(start, at + 1)
            }
            at++
        }
        return ""
    }

    override fun toString() = "$recorded recorded, $known known, $unrecognized not understood, rejected $rejected"
}

/** How a run of the sender ended. */
enum class Outcome {
    /** Everything is sent. */
    SENT,

    /**
     * Everything is sent, and the service has learned to read more since it left a message of this phone unread: add
     * the history to the queue again. Records that are already stored do not change.
     */
    SEND_HISTORY,

    /** No network, or the service is busy: try later. */
    LATER,

    /** The token is refused, and the lender's backend gave no other: try later. */
    NEW_TOKEN,

    /** The user does not exist any more: stop, and clear the queue. */
    STOP,

    /** The service takes no such request: a wrong address, or a fault of the app. Keep the queue until an update. */
    BROKEN,
}

/**
 * Sends the queue of one user. `wait` waits for some seconds. `token` gives the user token, and `renew` asks the
 * lender's backend for another and returns whether it got one. `unreadBy` is a file that keeps a number: the version of
 * the rules that left a message unread.
 */
class Sender(
    private val api: String,
    private val userUuid: String,
    private val queue: Queue,
    private val unreadBy: File,
    private val token: () -> String,
    private val renew: () -> Boolean,
    private val wait: (seconds: Long) -> Unit = { Thread.sleep(it * 1000) },
) {
    /** The service's counts of the last run. */
    @Volatile
    var receipt = Receipt()
        private set

    /**
     * Sends batch after batch. Call it again after [Outcome.LATER]: sending twice changes nothing. One run at a time: a
     * second one would remove messages that the first one has not sent.
     */
    @Synchronized
    fun run(): Outcome {
        receipt = Receipt()
        var most = BATCH
        var tries = 0
        var renewed = false
        while (true) {
            val batch = queue.oldest(most)
            if (batch.isEmpty()) return ended()
            val answer = post(batch.filter { it.startsWith("{") && it.endsWith("}") })
            when {
                answer.status == 200 -> {
                    if (receipt.add(answer.body) > 0 && !unreadBy.exists()) unreadBy.writeText("${receipt.reader}")
                    queue.remove(batch.size)
                    most = BATCH
                    tries = 0
                }
                answer.status == 401 || answer.status == 403 -> {
                    if (renewed || !renew()) return Outcome.NEW_TOKEN
                    renewed = true
                }
                answer.status == 404 && answer.code() == "not_found" -> return Outcome.STOP
                // A batch that is refused for a message in it: find that message by halves, and drop it.
                answer.status == 400 || answer.status == 413 ->
                    if (batch.size > 1) most = batch.size / 2 else drop(answer.status)
                answer.status in 400..499 && answer.status !in BUSY -> return Outcome.BROKEN
                ++tries >= MOST_TRIES -> return Outcome.LATER
                else -> wait(minOf(answer.retryAfter ?: (1L shl tries), MOST_WAIT_SECONDS))
            }
        }
    }

    private fun ended(): Outcome {
        val before = if (unreadBy.exists()) unreadBy.readText().toIntOrNull() ?: 0 else return Outcome.SENT
        if (receipt.reader <= before) return Outcome.SENT
        unreadBy.delete()
        return Outcome.SEND_HISTORY
    }

    private fun drop(status: Int) {
        queue.remove(1)
        receipt.reject("status_$status")
    }

    /** An answer; the status is 0 without one. `retryAfter` is the number of seconds that the service asks to wait. */
    private class Answer(val status: Int, val body: String = "", val retryAfter: Long? = null) {
        /** The code of the problem document, empty if something in front of the service answered. */
        fun code() = CODE.find(body)?.groupValues?.get(1).orEmpty()
    }

    private fun post(batch: List<String>): Answer {
        val connection = URL("$api/users/$userUuid/messages").openConnection() as HttpURLConnection
        return try {
            connection.requestMethod = "POST"
            connection.connectTimeout = TIMEOUT_MILLIS
            connection.readTimeout = TIMEOUT_MILLIS
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/json")
            connection.setRequestProperty("Authorization", "Bearer ${token()}")
            connection.outputStream.use { it.write("""{"messages":[${batch.joinToString(",")}]}""".toByteArray()) }
            val status = connection.responseCode
            val stream = if (status < 400) connection.inputStream else connection.errorStream
            val body = stream?.use { it.readBytes().decodeToString() } ?: ""
            Answer(status, body, connection.getHeaderField("Retry-After")?.toLongOrNull())
        } catch (_: IOException) {
            Answer(0)
        } finally {
            connection.disconnect()
        }
    }

    private companion object {
        const val BATCH = 200
        const val MOST_TRIES = 4
        const val MOST_WAIT_SECONDS = 60L
        const val TIMEOUT_MILLIS = 30_000

        // The request took too long, and too many requests: the same one may succeed later.
        val BUSY = setOf(408, 429)
    }
}

/** The user token of this phone, in a file. On Android, keep it where other apps cannot read it: `filesDir` will do. */
class Token(private val file: File, private val ask: () -> String) {
    fun value(): String = if (file.exists()) file.readText() else ""

    /** Asks the lender's backend for another token. Returns whether it gave one. */
    fun renew(): Boolean = try {
        file.writeText(ask())
        true
    } catch (_: IOException) {
        false
    }
}

/** The text at an address of the lender's backend, which knows by `session` whose phone this is. */
fun textFrom(address: String, session: String): String {
    val connection = URL(address).openConnection() as HttpURLConnection
    try {
        connection.connectTimeout = 30_000
        connection.readTimeout = 30_000
        connection.setRequestProperty("Authorization", "Bearer $session")
        return connection.inputStream.use { it.readBytes().decodeToString() }.trim()
    } finally {
        connection.disconnect()
    }
}

/** Queues the lines `sender TAB milliseconds TAB text` and sends them. Exit codes: 0 sent, 3 try later, 1 refused. */
fun main(arguments: Array<String>) {
    val backend = System.getenv("BACKEND").orEmpty()
    val session = System.getenv("SESSION").orEmpty()
    if (arguments.size !in 3..4 || backend.isEmpty()) {
        System.err.println("usage: BACKEND=… SESSION=… java -jar phone.jar API_URL USER_UUID FOLDER [MESSAGES.tsv]")
        exitProcess(2)
    }
    val (api, user, path) = arguments
    val folder = File(path).apply { mkdirs() }
    val queue = Queue(File(folder, "queue"))
    arguments.getOrNull(3)?.let { messages ->
        File(messages).forEachLine { line ->
            val (sender, millis, body) = line.split("\t", limit = 3)
            check(queue.add(Message(sender, body, millis.toLong()))) { "the queue is full" }
        }
    }
    val token = Token(File(folder, "token")) { textFrom(backend, session) }
    val sender = Sender(api.trimEnd('/'), user, queue, File(folder, "unread-by"), token::value, token::renew)
    val outcome = sender.run()
    println("$outcome, ${queue.size()} in the queue, ${sender.receipt}")
    exitProcess(
        when (outcome) {
            Outcome.SENT, Outcome.SEND_HISTORY -> 0
            Outcome.LATER -> 3
            else -> 1
        },
    )
}
