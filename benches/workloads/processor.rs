//! Time on a processor, so that a busy machine tells the same as a quiet one, but for its caches.
//! Linux only.

use std::fs;

use snapferry::units::{count, floor_count};

/// Batches of runs, of which the best counts.
const N_BATCHES: usize = 5;
/// Least time of a batch.
const BATCH_S: f64 = 0.4;
/// Step of the system's count.
const STEP_S: f64 = 0.004;

/// Seconds on a processor that a run takes: the best of five batches.
pub(crate) fn best_s(mut run: impl FnMut()) -> f64 {
    let mut seconds_each = |n: usize| {
        let begin_s = on_processor_s();
        for _ in 0..n {
            run();
        }
        (on_processor_s() - begin_s) / count(n)
    };
    // The system counts in steps of milliseconds: short runs are timed many at once.
    let once_s = seconds_each(1);
    let n = 1 + floor_count(BATCH_S / once_s.max(STEP_S));
    (0..N_BATCHES).map(|_| seconds_each(n)).fold(f64::INFINITY, f64::min)
}

/// Seconds that this thread was on a processor so far.
fn on_processor_s() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("a Linux machine");
    let nanos = text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.expect("nanoseconds come first") * 1e-9
}
