//! How a process is told to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit code of a process that was told twice to stop.
const TOLD_TWICE: i32 = 130;

/// A token that is cancelled by the first SIGTERM or SIGINT. The second ends the process at once.
pub fn shutdown() -> std::io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if cancel.is_cancelled() {
                tracing::warn!("told to stop a second time: exiting at once");
                std::process::exit(TOLD_TWICE);
            }
            tracing::info!("told to stop");
            cancel.cancel();
        }
    });
    Ok(token)
}
