//! How the demonstration tells what happens: a line for each thing done, and a bar while many are.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Tells what happens, or keeps quiet.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    quiet: bool,
}

/// A bar shows only once a step has taken this long.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// Tells everything on standard output; bars only where someone watches.
    pub const fn told() -> Self {
        Self { quiet: false }
    }

    /// Tells nothing.
    pub const fn quiet() -> Self {
        Self { quiet: true }
    }

    /// Tells of something that was done.
    pub fn say(self, line: impl AsRef<str>) {
        if !self.quiet {
            println!("  {}", line.as_ref());
        }
    }

    /// Begins a part.
    pub fn part(self, title: &str) {
        if !self.quiet {
            println!("\n{title}");
        }
    }

    /// A bar for many things of one kind. It appears when they take over a second.
    pub fn bar(self, what: &str, count: usize) -> Bar {
        let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("  {msg} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Bar {
            inner: bar,
            begun: std::time::Instant::now(),
            shown: self.quiet,
        }
    }
}

/// A bar for many things of one kind.
#[derive(Debug)]
pub struct Bar {
    inner: ProgressBar,
    begun: std::time::Instant,
    shown: bool,
}

impl Bar {
    /// One more is done.
    pub fn step(&mut self) {
        self.inner.inc(1);
        if !self.shown && self.begun.elapsed() > PATIENCE {
            self.shown = true;
            self.inner.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.inner.finish_and_clear();
    }
}
