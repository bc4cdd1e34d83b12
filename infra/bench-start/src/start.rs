//! The time from the start of the process to the first request for an event.
//!
//! A stub of the Lambda runtime API listens on a loopback port. A run ends at the first `GET
//! /2018-06-01/runtime/invocation/next`. Runs of all functions are interleaved, those of an empty function first, so
//! that other load on the machine affects all alike. The result is the ratio of medians. It covers only the function's
//! own work: without Lambda's initialization phase, functions open no connection to the table.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use daftari_platform::identity::SigningKeys;

use crate::environment::environment;
use crate::times::{median, milliseconds, percent, ratio};
use crate::{Fault, name};

/// Timeout of one run.
const START_PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(crate) struct Options {
    /// The binary of a function without any work.
    #[arg(long)]
    empty: PathBuf,
    /// The binaries of the functions.
    #[arg(required = true)]
    functions: Vec<PathBuf>,
    /// Runs per function, in addition to one for warm-up.
    #[arg(long, default_value_t = 40)]
    runs: usize,
    /// Largest ratio of a function's median to that of the empty function.
    #[arg(long, default_value_t = 4)]
    max_ratio: u32,
}

/// Prints the times. False if one exceeds the limit.
pub(crate) fn run(options: &Options) -> Result<bool, Fault> {
    let api = RuntimeApi::start()?;
    let binaries: Vec<&Path> = std::iter::once(&options.empty)
        .chain(&options.functions)
        .map(PathBuf::as_path)
        .collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); binaries.len()];
    for round in 0..=options.runs {
        for (binary, times) in binaries.iter().zip(&mut times) {
            let time = api.time(binary)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    println!(
        "{:<16} {:>9} {:>9} {:>9} {:>7}",
        "start", "min ms", "median", "max", "ratio"
    );
    let base = median(&times[0]);
    let mut within = true;
    for (binary, times) in binaries.iter().zip(&times) {
        let percent = percent(median(times), base);
        within &= percent <= u128::from(options.max_ratio) * 100;
        println!(
            "{:<16} {:>9} {:>9} {:>9} {:>7}",
            name(binary),
            milliseconds(times[0]),
            milliseconds(median(times)),
            milliseconds(times[times.len() - 1]),
            ratio(percent),
        );
    }
    if !within {
        println!("over the limit: a ratio of {}", options.max_ratio);
    }
    Ok(within)
}

/// The stub, and the environment of the started functions.
struct RuntimeApi {
    listener: TcpListener,
    environment: Vec<(&'static str, String)>,
}

impl RuntimeApi {
    fn start() -> Result<Self, Fault> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let environment = environment(&address, &SigningKeys::generate()?)?;
        Ok(Self { listener, environment })
    }

    /// Starts a function, and stops it once it has asked for an event.
    fn time(&self, binary: &Path) -> Result<Duration, Fault> {
        let mut command = Command::new(binary);
        command
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let asked = self.wait_for_request(started);
        let _ = child.kill();
        child.wait()?;
        asked.map_err(|error| format!("{}: {error}", binary.display()).into())
    }

    fn wait_for_request(&self, started: Instant) -> Result<Duration, Fault> {
        // Polls at intervals far below the measured times. This limits the wait without a thread.
        self.listener.set_nonblocking(true)?;
        let stream = loop {
            match self.listener.accept() {
                Ok((stream, _)) => break stream,
                Err(_) if started.elapsed() < START_PATIENCE => std::hint::spin_loop(),
                Err(error) => return Err(format!("asked for no event: {error}").into()),
            }
        };
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(START_PATIENCE))?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        let elapsed = started.elapsed();
        if line.starts_with("GET /2018-06-01/runtime/invocation/next ") {
            Ok(elapsed)
        } else {
            Err(format!("asked for {line:?} and not for an event").into())
        }
    }
}
