//! How far a run has got, and how long it took.

use std::fmt::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal;
use crate::experiment::{Observer, Outcome, Stage};
use crate::units::{count, index_u64, thousands};

/// Stages with their words, in order.
const STAGES: [(Stage, &str); 6] = [
    (Stage::Simulate, "simulate"),
    (Stage::Flip, "flip assumptions"),
    (Stage::Lift, "lift limits"),
    (Stage::Follow, "follow the worst copies"),
    (Stage::Confirm, "confirm"),
    (Stage::Write, "write"),
];

/// Shows runs done, rate, and time left on a terminal, and measures the stages.
#[derive(Debug)]
pub(super) struct Progress {
    is_quiet: bool,
    bar: ProgressBar,
    clock: Mutex<Clock>,
}

/// Time spent in each stage, and since when in the present one.
#[derive(Debug, Default)]
struct Clock {
    spent: [Duration; STAGES.len()],
    present: Option<(Stage, Instant)>,
}

#[expect(clippy::disallowed_methods, reason = "timing for the user; it never enters results")]
fn now() -> Instant {
    Instant::now()
}

impl Progress {
    /// Silent where standard error is no terminal, or `quiet` is asked for.
    pub(super) fn new(quiet: bool) -> Progress {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let style =
            ProgressStyle::with_template("{wide_bar} {pos}/{len} runs, {per_sec}, {eta} left ");
        let bar = ProgressBar::with_draw_target(Some(0), target);
        bar.set_style(style.expect("the template is right"));
        Progress { is_quiet: quiet, bar, clock: Mutex::default() }
    }

    /// Takes the bar off the terminal.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// `simulate 0.0474 s, 1000000 flows, 2000000 events` and a line for each other stage.
    pub(super) fn timings(&self, outcome: &Outcome) -> String {
        let mut clock = self.clock.lock().expect("nobody panics while holding it");
        clock.switch(None);
        let what = if outcome.flow_level.is_some() { "flows" } else { "copies" };
        let mut lines = String::new();
        for ((stage, word), spent) in STAGES.iter().zip(clock.spent) {
            let seconds = spent.as_secs_f64();
            let _ = write!(lines, "{word} {seconds:.4} s");
            if *stage == Stage::Simulate {
                let Outcome { n_copies, n_events, .. } = outcome;
                let _ = write!(lines, ", {n_copies} {what}, {n_events} events");
            }
            lines.push('\n');
        }
        lines
    }
}

impl Clock {
    fn switch(&mut self, next: Option<Stage>) {
        let at = now();
        if let Some((stage, since)) = self.present.take() {
            let place = STAGES.iter().position(|(of, _)| *of == stage).expect("all are listed");
            self.spent[place] += at.duration_since(since);
        }
        self.present = next.map(|stage| (stage, at));
    }
}

impl Observer for Progress {
    fn enters(&self, stage: Stage) {
        self.clock.lock().expect("nobody panics while holding it").switch(Some(stage));
    }

    fn expects(&self, n_runs: usize) {
        self.bar.inc_length(index_u64(n_runs));
    }

    fn ran(&self) {
        self.bar.inc(1);
    }

    fn takes_up(&self, n_runs: usize, of: Option<usize>) {
        if 0 < n_runs && !self.is_quiet {
            let told = |n: usize| thousands(count(n), 0);
            let of = of.map_or_else(String::new, |of| format!(" of {}", told(of)));
            let runs = if n_runs == 1 && of.is_empty() { "run" } else { "runs" };
            let line = format!("taking up {}{of} {runs} that are finished", told(n_runs));
            self.bar.suspend(|| terminal::say(&line));
        }
    }
}
