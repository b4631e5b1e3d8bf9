//! Assumptions that turn a verdict: the same draws again with one switch flipped at a time.

use super::FlippedModels;
use super::crew::Crew;
use super::summary::{PointSummary, TargetSummary};
use crate::drive::RunResult;
use crate::model::Model;
use crate::plan::Flipped;
use crate::stats::{Judgement, Verdict, judge};

/// Replications with which a flip is judged: from 20 on, nothing missed is a yes.
const RUNS: u32 = 20;

/// Replications with which each flip is tried first, the fewest that can be sure. Only those go on
/// to [`RUNS`] that hint at another verdict and are not sure of it: most assumptions bear on a copy
/// here and there and on no promise, and trying them shall not take longer than the run itself by
/// much.
const FIRST_RUNS: u32 = 5;

/// What one flipped assumption does to one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The assumption: the key of a switch, or of a default of the format.
    pub key: &'static str,
    /// What it decides.
    pub about: &'static str,
    /// What is assumed, as a scenario writes it.
    pub in_force: String,
    /// What it is flipped to, as a scenario writes it.
    pub text: String,
    /// The target, by name.
    pub target: String,
    /// How the target fares as assumed, over the replications that are compared.
    pub base: Judgement,
    /// How it fares with the flip, in the same replications.
    pub flipped: Judgement,
    /// Whether the flip gives another verdict than these replications and than the whole run.
    pub turns: bool,
    /// Replications that are compared.
    pub n_runs: usize,
}

/// Flips, one at a time, the assumptions that bore on the runs of a point; each in as many runs as
/// there are, up to [`RUNS`], where the whole range is asked for.
pub(super) fn of(
    summary: &PointSummary,
    flipped: &FlippedModels<'_>,
    crew: &Crew<'_>,
) -> Vec<Flip> {
    if summary.targets.is_empty() {
        return Vec::new();
    }
    let flips = flipped(summary.touched);
    let n_runs = u32::try_from(summary.n_runs).unwrap_or(u32::MAX).min(RUNS);
    let n_first = if crew.options.sensitivity { n_runs } else { n_runs.min(FIRST_RUNS) };
    let models: Vec<&Model> = flips.iter().map(|flip| &flip.model).collect();
    let mut results = crew.run_models(&models, 0..n_first);

    let open = |idx: &usize| n_first < n_runs && hints_at_a_turn(summary, &results[*idx]);
    let open: Vec<usize> = (0..flips.len()).filter(open).collect();
    let models: Vec<&Model> = open.iter().map(|idx| models[*idx]).collect();
    for (idx, more) in open.iter().zip(crew.run_models(&models, n_first..n_runs)) {
        results[*idx].extend(more);
    }
    let n_all = usize::try_from(n_runs).expect("at most 20");
    let mut found = Vec::new();
    for (flip, runs) in flips.iter().zip(&results) {
        for (place, target) in summary.targets.iter().enumerate() {
            let shares = shares(runs, place);
            found.push(compare(flip, target, &shares, n_all));
        }
    }
    found
}

/// Whether these runs are too few to be sure of some target, and their mean lies where another
/// verdict than that of the whole run would be.
fn hints_at_a_turn(summary: &PointSummary, runs: &[RunResult]) -> bool {
    summary.targets.iter().enumerate().any(|(place, target)| {
        let flipped = shares(runs, place);
        let mut pairs = target.shares.iter().zip(&flipped);
        let is_same = pairs.all(|(base, flipped)| base.to_bits() == flipped.to_bits());
        let judgement = judge(&flipped, target.promised);
        let keeps = judgement.mean.is_some_and(|mean| target.promised <= mean);
        let crosses = match target.judgement.verdict {
            Verdict::Yes => !keeps,
            Verdict::No => keeps,
            Verdict::NotSure => true,
        };
        !is_same && crosses && judgement.verdict == Verdict::NotSure
    })
}

/// The share of one target in each run.
fn shares(runs: &[RunResult], place: usize) -> Vec<f64> {
    runs.iter().map(|run| run.targets[place].share.unwrap_or(f64::NAN)).collect()
}

/// Compares a target with an assumption flipped; `n_all` replications are as
/// many as any flip gets.
fn compare(of: &Flipped, target: &TargetSummary, flipped: &[f64], n_all: usize) -> Flip {
    let n_runs = flipped.len();
    let base = judge(&target.shares[..n_runs], target.promised);
    let flipped = judge(flipped, target.promised);
    let is_new = |verdict| flipped.verdict != verdict;
    let is_settled = flipped.verdict != Verdict::NotSure || n_runs == n_all;
    Flip {
        key: of.key,
        about: of.about,
        in_force: of.in_force.clone(),
        text: of.text.clone(),
        target: target.name.clone(),
        base,
        flipped,
        turns: is_settled && is_new(base.verdict) && is_new(target.judgement.verdict),
        n_runs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{NoInputs, Scenario, Source};

    /// A target with a promise of 99 % that the whole run of these shares judges.
    fn target(shares: &[f64]) -> TargetSummary {
        TargetSummary {
            name: "in time".to_owned(),
            kind: "copy",
            promised: 0.99,
            judgement: judge(shares, 0.99),
            shares: shares.to_vec(),
            worst: None,
            n: 0,
            n_missed: 0,
            n_open: 0,
        }
    }

    fn early() -> Flipped {
        let text = "[[fleet]]\nname = \"a\"\nlocation = \"us-east-1\"\nvolumes = 1\n\
                    snapshot = { every = \"1 h\" }\ncopy = [{ to = \"us-west-2\" }]\n";
        let (name, text) = ("a.toml".to_owned(), text.to_owned());
        let source = Source { name, text, base: "".into() };
        let model = Scenario::parse(&source, &NoInputs, &[]).unwrap().model;
        let (key, about) = ("P-TB-PACE", "how fast");
        Flipped { key, about, in_force: "exact".to_owned(), text: "early".to_owned(), model }
    }

    fn flip(base: &[f64], flipped: &[f64]) -> Flip {
        compare(&early(), &target(base), flipped, 20)
    }

    /// Nothing missed in 30 runs is a yes, in the first 20 of them too; half on time in each of 20
    /// is a no: the flip turns it.
    #[test]
    fn another_verdict_by_the_same_replications_is_a_turn() {
        let turned = flip(&[1.0; 30], &[0.5; 20]);
        assert_eq!((turned.base.verdict, turned.flipped.verdict), (Verdict::Yes, Verdict::No));
        assert!(turned.turns);
        assert_eq!(turned.n_runs, 20);
        assert!(!flip(&[1.0; 30], &[1.0; 20]).turns);
    }

    /// All 30 runs say yes by their bound; the first five alone cannot, nor can they with the flip:
    /// what differs is the number of runs, and that is no turn.
    #[test]
    fn fewer_replications_alone_turn_nothing() {
        let mut base = vec![1.0; 30];
        base[0] = 0.98;
        assert_eq!(target(&base).judgement.verdict, Verdict::Yes);
        let same = flip(&base, &base[..5]);
        assert_eq!(same.base.verdict, Verdict::NotSure);
        assert!(!same.turns);
        // nor can five that are alike
        assert!(!flip(&base, &[0.995; 5]).turns);
    }
    /// Every other run keeps 90 %: five runs have an interval from 89 to 103 % and are not sure, 20
    /// have one from 92.6 to 97.4 % and say no. What was left with five is no turn.
    #[test]
    fn what_was_left_unsure_is_no_turn() {
        let shares: Vec<f64> = [1.0, 0.9].into_iter().cycle().take(20).collect();
        let short = flip(&[1.0; 30], &shares[..5]);
        assert_eq!((short.flipped.verdict, short.turns), (Verdict::NotSure, false));
        let whole = flip(&[1.0; 30], &shares);
        assert_eq!((whole.flipped.verdict, whole.turns), (Verdict::No, true));
    }
}
