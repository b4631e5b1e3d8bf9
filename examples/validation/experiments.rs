//! Experiments with known truth, and how often what is said of them holds.

use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use snapferry::rng::{Chance, NameHash, Purpose};
use snapferry::stats::{
    Estimate, Histogram, Interval, Judgement, LEVEL, Paired, Unpaired, judge, mean,
    quantile_over_runs, variance,
};
use snapferry::units::{count, count_u64};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// What an interval is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The mean of one value per run.
    Mean,
    /// The share that holds; where few runs differ, the bound on how many do.
    Share,
    /// A quantile of the copies of each run, averaged.
    Quantile,
    /// The greatest value of each run, averaged.
    Maximum,
    /// The difference of two designs on the same draws.
    Paired,
    /// The difference of two designs on draws of their own.
    Unpaired,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Mean => "mean",
            Kind::Share => "share kept",
            Kind::Quantile => "quantile of each run",
            Kind::Maximum => "maximum of each run",
            Kind::Paired => "paired difference",
            Kind::Unpaired => "unpaired difference",
        }
    }
}

/// What was said of one experiment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    /// Whether an interval, or a bound, was printed, and if so, whether it holds.
    holds: Option<bool>,
    /// Whether Student's interval over the runs would have held.
    student: bool,
}

/// Carries out one experiment.
pub(crate) type Experiment = Box<dyn Fn(&mut Pcg64Mcg) -> Said + Sync>;

/// What a case has to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty {
    /// What is printed holds in at least [`LEAST`] of the experiments.
    Cover,
    /// And in no more than [`MOST`]: it is near-normal.
    CoverNoMore,
    /// Nothing is printed.
    Silence,
}

/// Experiments of one kind, generator, and number of runs.
pub(crate) struct Case {
    /// What the interval is of.
    pub(crate) kind: Kind,
    /// The generator in words.
    pub(crate) generator: String,
    /// Runs of an experiment.
    pub(crate) n_runs: usize,
    /// What it has to show.
    pub(crate) duty: Duty,
    /// One experiment.
    pub(crate) experiment: Experiment,
}

/// Least share of experiments in which what is printed has to hold.
pub(crate) const LEAST: f64 = 0.93;

/// Greatest, for means and paired differences of near-normal values.
pub(crate) const MOST: f64 = 0.97;

/// How often it was so.
#[expect(clippy::struct_field_names, reason = "counts are `n_copies` here")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coverage {
    pub(crate) n_experiments: u32,
    pub(crate) n_printed: u32,
    pub(crate) n_held: u32,
    pub(crate) n_student: u32,
}

impl Coverage {
    /// Carries out the experiments of a case, each with a stream of its own.
    pub(crate) fn of(case: &Case, n_experiments: u32) -> Coverage {
        let name = NameHash::of(case.kind.name()).child(&case.generator);
        let name = name.number(snapferry::units::index_u64(case.n_runs));
        let said = (0..n_experiments).into_par_iter().map(|experiment| {
            let mut stream = Chance::new(5, experiment).stream(Purpose::Arrival, name);
            let said = (case.experiment)(&mut stream);
            Coverage {
                n_experiments: 1,
                n_printed: u32::from(said.holds.is_some()),
                n_held: u32::from(said.holds == Some(true)),
                n_student: u32::from(said.student),
            }
        });
        let none = Coverage { n_experiments: 0, n_printed: 0, n_held: 0, n_student: 0 };
        said.reduce(|| none, Coverage::plus)
    }

    fn plus(self, other: Coverage) -> Coverage {
        Coverage {
            n_experiments: self.n_experiments + other.n_experiments,
            n_printed: self.n_printed + other.n_printed,
            n_held: self.n_held + other.n_held,
            n_student: self.n_student + other.n_student,
        }
    }

    /// Of what was printed, the share that holds.
    pub(crate) fn held(&self) -> Option<f64> {
        (0 < self.n_printed).then(|| f64::from(self.n_held) / f64::from(self.n_printed))
    }
}

/// What is said of the mean of one value per run.
pub(crate) fn of_mean(values: &[f64], truth: f64) -> Said {
    let estimate = Estimate::of(values, LEVEL).expect("runs");
    said(estimate.interval, values, truth)
}

/// What is said of a share kept: an interval, or the bound on how many runs differ, which
/// `differing` gives for the share of the runs that are alike.
pub(crate) fn of_share(shares: &[f64], truth: f64, differing: impl Fn(f64) -> f64) -> Said {
    let Judgement { interval, bound, alike, .. } = judge(shares, 0.5);
    let by_bound = alike.zip(bound).map(|((alike, _), bound)| differing(alike) <= bound);
    let holds = interval.map(|interval| interval.contains(truth)).or(by_bound);
    Said { holds, ..said(None, shares, truth) }
}

/// What is said of the p-quantile of each run.
pub(crate) fn of_quantile(runs: &[Histogram], p: f64, truth: f64) -> Said {
    let estimate = quantile_over_runs(runs, p, LEVEL).expect("runs");
    let values: Vec<f64> = runs.iter().filter_map(|run| run.quantile(p)).map(count_u64).collect();
    said(estimate.interval, &values, truth)
}

/// What is said of the difference of two designs on the same draws.
pub(crate) fn of_pairs(a: &[f64], b: &[f64], truth: f64) -> Said {
    let paired = Paired::of(a, b, LEVEL).expect("runs");
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
    said(paired.difference.interval, &differences, truth)
}

/// What is said of the difference of two designs on draws of their own; `student` is Welch's
/// interval.
pub(crate) fn of_two(a: &[f64], b: &[f64], truth: f64) -> Said {
    let unpaired = Unpaired::of(a, b, LEVEL).expect("runs");
    let parts =
        [a, b].map(|of| (variance(of).expect("runs") / count(of.len()), count(of.len()) - 1.0));
    let [(of_a, freedom_a), (of_b, freedom_b)] = parts;
    let below = of_a * of_a / freedom_a + of_b * of_b / freedom_b;
    let freedom = (of_a + of_b) * (of_a + of_b) / below;
    let off = (unpaired.difference - truth).abs() / libm::sqrt(of_a + of_b);
    let holds = unpaired.interval.map(|interval| interval.contains(truth));
    Said { holds, student: off <= point(freedom) }
}

/// What is said of values that unfinished copies can only raise: no interval.
pub(crate) fn of_unfinished(values: &[f64], truth: f64) -> Said {
    let estimate = Estimate::of(values, LEVEL).expect("runs").alone();
    said(estimate.interval, values, truth)
}

fn said(interval: Option<Interval>, values: &[f64], truth: f64) -> Said {
    let (mean, variance) = (mean(values).expect("runs"), variance(values).unwrap_or(0.0));
    let n = count(values.len());
    let is_within = (mean - truth).abs() <= point(n - 1.0) * libm::sqrt(variance / n);
    Said { holds: interval.map(|interval| interval.contains(truth)), student: is_within }
}

/// How many standard errors Student's interval reaches to either side.
fn point(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |t| t.inverse_cdf(0.975))
}
