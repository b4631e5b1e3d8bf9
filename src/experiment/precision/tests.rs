use super::*;
use crate::drive::{Measured, TargetShare};
use crate::plan::Plan;
use crate::record::measure;
use crate::rng::{Chance, Distribution, NameHash, Purpose};
use crate::scenario::Source;

/// A point that promises `in time`, with `wanted` under `[precision]`.
fn point(wanted: &str) -> Point {
    let text = format!(
        "[scenario]\nreplications = 1\n[precision]\nwanted = [{{ {wanted} }}]\n[[fleet]]\n\
         name = \"a\"\nlocation = \"us-east-1\"\nvolumes = 1\nsize = \"1 GiB\"\n\
         snapshot = {{ every = \"1 day\" }}\ncopy = [{{ to = \"us-west-2\" }}]\n\
         [[target]]\nname = \"in time\"\nkind = \"copy\"\nlimit = \"1 h\"\nshare = \"90 %\"\n"
    );
    let source = Source { name: "x.toml".to_owned(), text: text.clone(), base: "".into() };
    let plan = Plan::of(&source, &|_: &str| Err(String::new()), &[]);
    let mut plan = plan.unwrap_or_else(|problems| panic!("{}", problems.render(&text, false)));
    plan.points.remove(0)
}

/// A run of this mean time to completion and this share in time.
fn run(mean: f64, share: Option<f64>) -> RunResult {
    let measured = Measured {
        scope: 1,
        measure: measure::COMPLETION_MEAN,
        value: mean,
        n: 1,
        at_least: false,
    };
    RunResult {
        scopes: vec!["other".to_owned(), "all".to_owned()],
        measures: vec![Measured { scope: 0, value: 77.0, ..measured }, measured],
        targets: vec![TargetShare { share, ..TargetShare::default() }],
        ..RunResult::default()
    }
}

/// What the runs say of the one thing that is wanted.
fn of(wanted: &str, runs: &[RunResult]) -> Attained {
    let point = point(wanted);
    let precision = point.model.precision.as_ref().unwrap();
    let mut watch = Watch::new(&point, precision);
    for run in runs {
        watch.see(run);
    }
    let settled = watch.settled(0);
    assert_eq!(settled.is_reached(), settled.attained[0].reached);
    settled.attained[0].clone()
}

/// Five runs of 0 s and five of 2 s: mean 1, variance 10/9, standard error √(10/90) = 1/3, times
/// 2.262157 of the t table at 9 degrees: 0.754052. Relative to a mean of 1 it is the same.
#[test]
fn a_measure_is_known_when_half_of_its_interval_is_narrow_enough() {
    let runs: Vec<RunResult> = (0..10).map(|n| run(f64::from(n % 2) * 2.0, None)).collect();
    for (width, reached) in [("760 ms", true), ("750 ms", false)] {
        let found = of(&format!("measure = \"completion_mean\", half_width = \"{width}\""), &runs);
        assert!((found.half_width.unwrap() - 0.754_052).abs() < 1e-6, "{found:?}");
        assert_eq!((found.mean, found.n, found.reached), (Some(1.0), 10, reached));
    }
    for (share, reached) in [("76 %", true), ("75 %", false)] {
        let wanted = format!("measure = \"completion_mean\", relative_half_width = \"{share}\"");
        assert_eq!(of(&wanted, &runs).reached, reached);
    }
    let relative = "measure = \"completion_mean\", relative_half_width = \"10 %\"";
    let twice: Vec<RunResult> = (0..10).map(|n| run(f64::from(n % 2) + 19.5, None)).collect();
    // mean 20, half of the width 0.377026: a tenth of the mean is 2
    assert_eq!(of(relative, &twice).wanted, Some(2.0));
    assert!(of(relative, &twice).reached);
}

/// Nine equal runs have an interval without width, and are few all the same.
#[test]
fn nothing_is_known_of_fewer_than_ten_runs() {
    let wanted = "measure = \"completion_mean\", half_width = \"1 s\"";
    let runs = vec![run(60.0, None); 10];
    assert!(!of(wanted, &runs[..9]).reached);
    assert!(of(wanted, &runs).reached);
}

/// Nothing missed in n runs: up to 1 − 0.05^(1/n) of them may, all copies of them: 0.258866 of 10,
/// 0.139108 of 20, so that the share lies between 0.860892 and 1: half of that is 0.069554.
#[test]
fn a_target_that_nothing_missed_is_as_well_known_as_its_bound_says() {
    let wanted = "target = \"in time\", half_width = \"7 %\"";
    let runs = vec![run(60.0, Some(1.0)); 20];
    assert!((of(wanted, &runs[..10]).half_width.unwrap() - 0.129_433).abs() < 1e-6);
    assert!(!of(wanted, &runs[..10]).reached);
    let found = of(wanted, &runs);
    assert!((found.half_width.unwrap() - 0.069_554).abs() < 1e-6, "{found:?}");
    assert!(found.reached);
    // runs in which nothing was due say nothing
    let mut idle = runs[..10].to_vec();
    idle.extend(vec![run(60.0, None); 10]);
    assert_eq!((of(wanted, &idle).n, of(wanted, &idle).reached), (10, false));
}

/// Shares of 0.8 and 1 in turn: mean 0.9, variance 0.1² × 20/19, standard error 0.1/√19, times
/// 2.093024 at 19 degrees: 0.048017, so up to 0.948017. Down by the odds, 9 e^(−0.048017/0.09) =
/// 5.278705: to 0.840731. Half of the width is 0.053643.
#[test]
fn a_target_that_was_missed_is_known_by_its_interval() {
    let runs: Vec<RunResult> =
        (0..20).map(|n| run(0.0, Some(if n % 2 == 0 { 0.8 } else { 1.0 }))).collect();
    let found = of("target = \"in time\", half_width = \"5.37 %\"", &runs);
    assert!((found.half_width.unwrap() - 0.053_643).abs() < 2e-6, "{found:?}");
    assert!(found.reached);
    assert!(!of("target = \"in time\", half_width = \"5.36 %\"", &runs).reached);
}

#[test]
fn what_no_run_has_is_never_known() {
    let runs = vec![run(60.0, None); 20];
    let found = of("measure = \"completion_p99\", half_width = \"1 s\"", &runs);
    assert_eq!((found.mean, found.half_width, found.n, found.reached), (None, None, 0, false));
}

/// Ten copies more wait at each mark: there is no steady state, so no mean of a time.
#[test]
fn without_a_steady_state_no_time_is_known() {
    let grows = RunResult { backlog: [0, 10, 20, 30], ..run(60.0, None) };
    let found = of("measure = \"completion_mean\", half_width = \"1 h\"", &vec![grows; 20]);
    assert_eq!((found.mean, found.reached), (None, false));
}

/// 2,000 experiments on normal draws with mean 10 and deviation 1, wanted to ± 0.25: that takes some
/// (1.96 / 0.25)² = 61 runs, looked at after 30, 40, 50, … Who stops as soon as the interval looks
/// narrow enough stops too early now and then (Chow and Robbins, "On the asymptotic theory of
/// fixed-width sequential confidence intervals", 1965: right in the limit of narrow ones); with looks
/// this far apart and 30 runs to begin with, at least 93 % of the 95 % intervals hold the mean.
#[test]
fn intervals_at_which_it_was_stopped_hold_the_mean() {
    let normal = Distribution::normal(10.0, 1.0).unwrap();
    let point = point("measure = \"completion_mean\", half_width = \"250 ms\"");
    let precision = point.model.precision.as_ref().unwrap();
    let (mut n_holding, mut n_all) = (0u32, 0u32);
    for experiment in 0..2_000u32 {
        let mut stream = Chance::new(1, experiment).stream(Purpose::StartUp, NameHash::of("x"));
        let mut watch = Watch::new(&point, precision);
        let (mut n_runs, mut look) = (0, 30);
        let found = loop {
            while n_runs < look {
                watch.see(&run(normal.sample(&mut stream), None));
                n_runs += 1;
            }
            let settled = watch.settled(n_runs);
            if settled.is_reached() {
                break settled.attained[0].clone();
            }
            look = precision.next(look);
        };
        n_all += n_runs;
        let distance = (found.mean.unwrap() - 10.0).abs();
        n_holding += u32::from(distance <= found.half_width.unwrap());
    }
    assert!((1_860..=1_960).contains(&n_holding), "{n_holding} of 2,000");
    assert!((55.0..75.0).contains(&(f64::from(n_all) / 2_000.0)), "{n_all} runs in all");
}
