//! One event of a calendar: the soonest leaves, and another comes, among n that pend.
//!
//! Times to the next are uniform (a hold model); 10⁷ of these with 10,000 pending are what timers of
//! other simulators were measured with.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use snapferry::engine::calendar::{Calendar, Key, Rank};
use snapferry::rng::{Chance, NameHash, Purpose};
use snapferry::units::Instant;

const N_EVENTS: u64 = 100_000;
/// Greatest time to the next event, nanoseconds.
const LONGEST: u64 = 2_000_000_000_000;

/// Times to the next event, drawn beforehand.
fn gaps() -> Vec<u64> {
    let (chance, name) = (Chance::new(1, 0), NameHash::of("timer"));
    (0..N_EVENTS).map(|n| chance.key(Purpose::Tie, name.number(n)) % LONGEST).collect()
}

fn one_event(criterion: &mut Criterion) {
    let gaps = gaps();
    let mut group = criterion.benchmark_group("calendar");
    group.throughput(Throughput::Elements(N_EVENTS)).sample_size(20);
    for n_pending in [10, 100, 1_000, 10_000u32] {
        let mut calendar = Calendar::default();
        for (timer, gap) in (0..n_pending).zip(&gaps) {
            calendar.schedule(Key::new(Instant::from_nanos(*gap), Rank::WakeUp, *gap), timer);
        }
        group.bench_function(BenchmarkId::from_parameter(n_pending), |bencher| {
            bencher.iter(|| {
                for gap in &gaps {
                    let (key, timer) = calendar.pop().expect("as many pend as before");
                    let next = Instant::from_nanos(key.at().nanos() + gap);
                    calendar.schedule(Key::new(next, Rank::WakeUp, *gap), black_box(timer));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, one_event);
criterion_main!(benches);
