// The app on a phone in Kotlin: keeps messages in a queue on the disk and sends them when the network allows it.
//
//     USER_TOKEN=… java -jar phone.jar API_URL USER_UUID QUEUE_FILE [MESSAGES.tsv]
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
            // Also what a line of the queue and JSON cannot hold, and halves of characters.
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

    @Synchronized
    fun size(): Int = if (file.exists()) file.useLines { it.count() } else 0

    private companion object {
        // A character has at most three bytes here, and a request at most 1 MiB.
        const val MOST_BATCH_CHARACTERS = 300_000
    }
}

/** How a run of the sender ended. */
enum class Outcome {
    /** Everything is sent. */
    SENT,

    /** No network, or the service is busy: try later. */
    LATER,

    /** The token is refused: get another from the lender's backend. */
    NEW_TOKEN,

    /** The user does not exist any more: stop, and delete the queue. */
    STOP,
}

/** Sends the queue of one user. `wait` waits for some seconds. */
class Sender(
    private val api: String,
    private val userUuid: String,
    private val queue: Queue,
    private val token: () -> String,
    private val wait: (seconds: Long) -> Unit = { Thread.sleep(it * 1000) },
) {
    /** Sends batch after batch. Call it again after [Outcome.LATER]: sending twice changes nothing. */
    fun run(): Outcome {
        var most = BATCH
        var tries = 0
        while (true) {
            val batch = queue.oldest(most)
            if (batch.isEmpty()) return Outcome.SENT
            val (status, retryAfter) = post(batch.filter { it.startsWith("{") && it.endsWith("}") })
            when {
                status == 200 -> {
                    queue.remove(batch.size)
                    most = BATCH
                    tries = 0
                }
                status == 401 || status == 403 -> return Outcome.NEW_TOKEN
                status == 404 -> return Outcome.STOP
                // A batch that is refused as a whole: find the message at fault by halves, and drop it.
                status in 400..499 && status != 429 ->
                    if (batch.size > 1) most = batch.size / 2 else queue.remove(1)
                ++tries >= MOST_TRIES -> return Outcome.LATER
                else -> wait(minOf(retryAfter ?: (1L shl tries), MOST_WAIT_SECONDS))
            }
        }
    }

    /** The status of the answer, 0 without one; and the seconds that the service asks to wait. */
    private fun post(batch: List<String>): Pair<Int, Long?> {
        val connection = URL("$api/users/$userUuid/messages").openConnection() as HttpURLConnection
        return try {
            connection.requestMethod = "POST"
            connection.connectTimeout = TIMEOUT_MILLIS
            connection.readTimeout = TIMEOUT_MILLIS
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/json")
            connection.setRequestProperty("Authorization", "Bearer ${token()}")
            connection.outputStream.use { it.write("""{"messages":[${batch.joinToString(",")}]}""".toByteArray()) }
            connection.responseCode to connection.getHeaderField("Retry-After")?.toLongOrNull()
        } catch (_: IOException) {
            0 to null
        } finally {
            connection.disconnect()
        }
    }

    private companion object {
        const val BATCH = 200
        const val MOST_TRIES = 4
        const val MOST_WAIT_SECONDS = 60L
        const val TIMEOUT_MILLIS = 30_000
    }
}

/** Ends the program with one line. */
fun fail(code: Int, text: String): Nothing {
    System.err.println(text)
    exitProcess(code)
}

/** Queues the messages of a file, each on a line: `sender TAB milliseconds TAB text`. */
fun add(messages: File, queue: Queue) {
    var number = 0
    messages.forEachLine { line ->
        number++
        val parts = line.split("\t", limit = 3)
        val millis = parts.getOrNull(1)?.toLongOrNull()
        if (parts.size < 3 || millis == null) fail(1, "$messages, line $number is not sender TAB milliseconds TAB text")
        if (!queue.add(Message(parts[0], parts[2], millis))) fail(1, "the queue is full")
    }
}

/** Queues messages and sends them. Exit codes: 0 sent, 1 refused, 2 wrong usage, 3 try later. */
fun main(arguments: Array<String>) {
    val token = System.getenv("USER_TOKEN")
    if (arguments.size !in 3..4 || token.isNullOrEmpty()) {
        fail(2, "usage: USER_TOKEN=… java -jar phone.jar API_URL USER_UUID QUEUE_FILE [MESSAGES.tsv]")
    }
    val (api, user, file) = arguments
    val queue = Queue(File(file))
    try {
        arguments.getOrNull(3)?.let { add(File(it), queue) }
    } catch (error: IOException) {
        fail(1, "cannot read the messages: ${error.message}")
    }
    val outcome = Sender(api.trimEnd('/'), user, queue, { token }).run()
    println("$outcome, ${queue.size()} in the queue")
    exitProcess(
        when (outcome) {
            Outcome.SENT -> 0
            Outcome.LATER -> 3
            else -> 1
        },
    )
}
