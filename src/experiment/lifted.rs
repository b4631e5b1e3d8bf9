//! What makes the late copies late: the same draws again, with one limit lifted at a time.
//!
//! Time by cause says where a copy was, not what would have helped: a copy that waited for a slot may
//! have waited for others that were short of quota. Lifting a limit shows it, for every copy that was
//! late, by name.

use std::collections::BTreeMap;

use super::crew::Crew;
use super::summary::PointSummary;
use crate::drive::RunResult;
use crate::model::{Lift, Model};
use crate::plan::Point;
use crate::record::measure::{self, Measure};
use crate::record::{CopyRecord, Fate, ImageRecord, RpoRecord, Sink};
use crate::rng::NameHash;
use crate::stats::{Estimate, LEVEL};
use crate::units::{count_u64, index_u64};

/// Replications with which each limit is tried first.
const FIRST_RUNS: u32 = 5;

/// Replications with which those are tried that turned out to change anything.
const RUNS: u32 = 20;

/// Late copies of one run that are followed, the first ones that ended; more would fill memory.
const FOLLOWED_MAX: usize = 100_000;

/// What lifting one limit does to one measure of one scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Lifted {
    /// Which kind of limit.
    pub limit: &'static str,
    /// Which of its kind: the name of a link; else empty.
    pub place: String,
    /// What is measured: `all`, `fleet → destination`, or the name of a target.
    pub scope: String,
    /// `kept`, `late_completion`, or `target`.
    pub measure: &'static str,
    /// `s`, or empty for shares.
    pub unit: &'static str,
    /// Mean over the runs, as the scenario has it.
    pub as_is: f64,
    /// Mean over the same runs without the limit.
    pub lifted: f64,
    /// The difference of each run, lifted − as it is, over the runs.
    pub difference: Estimate,
    /// Of the late copies of this scope, the share that keeps every promise without the limit; none
    /// for targets.
    ///
    /// Others may be late in their place: whoever comes first at a full limit is decided by little.
    pub in_time: Option<f64>,
    /// By which share there are fewer late copies in this scope, those late in their place among them;
    /// negative where there are more; none for targets.
    pub fewer: Option<f64>,
    /// Late copies of this scope, all runs together.
    pub n_late: u64,
}

/// Late copies of a run, by name: their scope, and how long they took, where they arrived.
#[derive(Debug, Clone, Default)]
struct Late {
    scopes: Vec<String>,
    copies: BTreeMap<NameHash, (usize, Option<f64>)>,
}

fn took(fate: &Fate<'_>) -> Option<f64> {
    fate.completed.map(|at| at.since(fate.due).secs())
}

/// Keeps no rows.
macro_rules! no_rows {
    () => {
        fn copy(&mut self, _row: &CopyRecord<'_>) {}
        fn image(&mut self, _row: &ImageRecord<'_>) {}
        fn rpo(&mut self, _row: &RpoRecord<'_>) {}

        fn takes_rows(&self) -> bool {
            false
        }
    };
}

impl Sink for Late {
    no_rows!();

    fn fate(&mut self, fate: &Fate<'_>) {
        if !fate.broke || self.copies.len() == FOLLOWED_MAX {
            return;
        }
        let known = self.scopes.iter().position(|scope| scope == fate.scope);
        let scope = known.unwrap_or_else(|| {
            self.scopes.push(fate.scope.to_owned());
            self.scopes.len() - 1
        });
        self.copies.insert(fate.wish(), (scope, took(fate)));
    }
}

/// What became of the late copies of one scope of one run.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    n_in_time: u64,
    /// Copies that arrived in both runs, and how long they took, seconds.
    n_both: u64,
    as_is_s: f64,
    lifted_s: f64,
}

/// Follows the late copies of a run through the same run without a limit.
#[derive(Debug)]
struct Follow<'a> {
    late: &'a Late,
    sums: Vec<Sums>,
}

impl<'a> Follow<'a> {
    fn new(late: &'a Late) -> Follow<'a> {
        Follow { late, sums: vec![Sums::default(); late.scopes.len()] }
    }
}

impl Sink for Follow<'_> {
    no_rows!();

    fn fate(&mut self, fate: &Fate<'_>) {
        let Some((scope, as_is)) = self.late.copies.get(&fate.wish()) else { return };
        let sums = &mut self.sums[*scope];
        sums.n_in_time += u64::from(!fate.broke);
        if let (Some(as_is), Some(lifted)) = (as_is, took(fate)) {
            sums.n_both += 1;
            sums.as_is_s += as_is;
            sums.lifted_s += lifted;
        }
    }
}

/// A run with its late copies.
type Base = (RunResult, Late);
/// The same run without a limit: its result, and what became of those, by scope.
type Without = (RunResult, Vec<Sums>);

/// Lifts each limit that held up copies of a point, where some were late.
pub(super) fn of(point: &Point, summary: &PointSummary, crew: &Crew<'_>) -> Vec<Lifted> {
    let model = &point.model;
    let n_broke = summary.find(0, &measure::BROKE).and_then(|row| row.estimate);
    if n_broke.is_none_or(|broke| broke.mean <= 0.0) {
        return Vec::new();
    }
    let n_runs = u32::try_from(summary.n_runs).unwrap_or(u32::MAX).min(RUNS);
    let mut n_first = n_runs.min(FIRST_RUNS);
    let mut base = run_base(model, 0..n_first, crew);
    if n_first < n_runs && base.iter().all(|(_, late)| late.copies.is_empty()) {
        base.extend(run_base(model, n_first..n_runs, crew));
        n_first = n_runs;
    }
    if base.iter().all(|(_, late)| late.copies.is_empty()) {
        return Vec::new();
    }
    let lifts = Lift::all(model).into_iter().filter(|lift| bears(*lift, model, &base));
    let models: Vec<(Lift, Model)> = lifts.map(|lift| (lift, lift.of(model))).collect();
    let models: Vec<(Lift, Model)> =
        models.into_iter().filter(|(_, lifted)| lifted != model).collect();
    let mut results = run_without(&models, (&base, 0), crew);
    let open: Vec<usize> = (0..models.len()).filter(|idx| changes(&base, &results[*idx])).collect();
    if n_first < n_runs && !open.is_empty() {
        base.extend(run_base(model, n_first..n_runs, crew));
        let chosen: Vec<(Lift, Model)> = open.iter().map(|idx| models[*idx].clone()).collect();
        let first = usize::try_from(n_first).expect("at most 20");
        let more = run_without(&chosen, (&base[first..], n_first), crew);
        for (idx, more) in open.iter().zip(more) {
            results[*idx].extend(more);
        }
    }
    let each = models.iter().zip(&results);
    each.flat_map(|((lift, _), runs)| Compared { lift: *lift, model, base: &base, runs }.rows())
        .collect()
}

fn run_base(model: &Model, of: std::ops::Range<u32>, crew: &Crew<'_>) -> Vec<Base> {
    crew.run_each(of.map(|replication| (model, replication, Late::default())).collect())
}

/// The runs of some models that begin with replication `first`, beside those as they are.
fn run_without(
    models: &[(Lift, Model)],
    (base, first): (&[Base], u32),
    crew: &Crew<'_>,
) -> Vec<Vec<Without>> {
    let runs = models.iter().flat_map(|(_, model)| {
        (first..).zip(base).map(move |(of, (_, late))| (model, of, Follow::new(late)))
    });
    let mut results = crew.run_each(runs.collect()).into_iter();
    let taken = |(result, follow): (RunResult, Follow<'_>)| (result, follow.sums);
    models.iter().map(|_| results.by_ref().take(base.len()).map(taken).collect()).collect()
}

/// The value of a measure of a scope, by name, in one run; zero where it has none.
fn value(run: &RunResult, scope: &str, measure: &Measure) -> f64 {
    let Some(scope) = run.scopes.iter().position(|name| name == scope) else { return 0.0 };
    let found = run.measures.iter().find(|row| row.scope == scope && row.measure == *measure);
    found.map_or(0.0, |row| row.value)
}

/// Whether a limit can have held up any copy of these runs: by the time that copies spent for its
/// sake, by refusals, or because some never arrived, whose time is told nowhere.
fn bears(lift: Lift, model: &Model, base: &[Base]) -> bool {
    use measure as m;
    let [
        snapshot,
        _,
        throttled,
        slot,
        back_off,
        queue,
        _,
        start_up,
        quota,
        own,
        standard,
        outage,
        link,
        _,
    ] = m::CAUSES;
    let causes: &[Measure] = match lift {
        Lift::Snapshot => &[snapshot],
        Lift::Tokens => &[throttled, m::REFUSED_THROTTLED],
        Lift::Slots => &[slot, back_off, queue, m::REFUSED_SLOTS],
        Lift::ClientLimit => &[queue],
        Lift::StartUp => &[start_up],
        Lift::Quota => &[quota, m::REFUSED_QUOTA, m::GRANTED_SHORT],
        Lift::CopyRate => &[own],
        Lift::StandardRate => &[standard],
        Lift::Link(_) => &[outage, link],
    };
    let never = [m::UNFINISHED, m::NOT_COPIED, m::FAILED];
    let scopes: Vec<String> = match lift {
        Lift::Link(link) => scopes_over(model, link),
        _ => vec!["all".to_owned()],
    };
    base.iter().any(|(run, _)| {
        scopes.iter().any(|scope| {
            let mut told = causes.iter().chain(&never);
            told.any(|measure| 0.0 < value(run, scope, measure))
        })
    })
}

/// Scopes whose copies cross a link.
fn scopes_over(model: &Model, link: usize) -> Vec<String> {
    let mut scopes = Vec::new();
    for (fleet, of) in model.fleets.iter().enumerate() {
        for (rule, copy) in of.copies.iter().enumerate() {
            if model.routes[copy.route].links.contains(&link) {
                scopes.push(model.scope_name(fleet, rule));
            }
        }
    }
    scopes
}

/// Whether these runs differ from those as they are in any late copy, or in what is kept.
fn changes(base: &[Base], runs: &[Without]) -> bool {
    base.iter().zip(runs).any(|((as_is, _), (lifted, sums))| {
        let helped = sums.iter().any(|sums| 0 < sums.n_in_time);
        helped || kept(as_is, "all") != kept(lifted, "all")
    })
}

/// The share of the copies due in a scope that broke no promise; none where none was due.
fn kept(run: &RunResult, scope: &str) -> Option<f64> {
    let due = value(run, scope, &measure::DUE);
    (0.0 < due).then(|| 1.0 - value(run, scope, &measure::BROKE) / due)
}

/// The runs of one lifted limit beside the same runs as they are.
struct Compared<'a> {
    lift: Lift,
    model: &'a Model,
    base: &'a [Base],
    runs: &'a [Without],
}

impl Compared<'_> {
    fn rows(&self) -> Vec<Lifted> {
        let mut scopes: Vec<&str> = vec!["all"];
        for (_, late) in &self.base[..self.runs.len()] {
            let new: Vec<&str> =
                late.scopes.iter().map(String::as_str).filter(|of| !scopes.contains(of)).collect();
            scopes.extend(new);
        }
        let mut rows = Vec::new();
        for scope in scopes {
            let pairs = self
                .pairs()
                .map(|(base, without)| Some((kept(&base.0, scope)?, kept(&without.0, scope)?)));
            rows.extend(self.row((scope, "kept", ""), pairs.collect()));
            let pairs = self.pairs().map(|(base, without)| {
                let sums = sums_of(base, without, scope);
                let n = count_u64(sums.n_both);
                (0 < sums.n_both).then(|| (sums.as_is_s / n, sums.lifted_s / n))
            });
            rows.extend(self.row((scope, "late_completion", "s"), pairs.collect()));
        }
        for (place, target) in self.model.targets.iter().enumerate() {
            let share = |run: &RunResult| run.targets[place].share;
            let pairs =
                self.pairs().map(|((as_is, _), (lifted, _))| Some((share(as_is)?, share(lifted)?)));
            let row = self.row((&target.name, "target", ""), pairs.collect());
            rows.extend(row.map(|row| Lifted { in_time: None, fewer: None, n_late: 0, ..row }));
        }
        rows
    }

    fn pairs(&self) -> impl Iterator<Item = (&Base, &Without)> {
        self.base.iter().zip(self.runs)
    }

    /// By which share fewer copies of a scope are late; none where none was.
    fn fewer(&self, scope: &str) -> Option<f64> {
        let late = |run: &RunResult| value(run, scope, &measure::BROKE);
        let as_is: f64 = self.pairs().map(|(base, _)| late(&base.0)).sum();
        let lifted: f64 = self.pairs().map(|(_, without)| late(&without.0)).sum();
        (0.0 < as_is).then(|| 1.0 - lifted / as_is)
    }

    /// A row of what each run has as it is and without the limit; none where no run has both.
    fn row(
        &self,
        (scope, measure, unit): (&str, &'static str, &'static str),
        pairs: Vec<Option<(f64, f64)>>,
    ) -> Option<Lifted> {
        let pairs: Vec<(f64, f64)> = pairs.into_iter().flatten().collect();
        let as_is: Vec<f64> = pairs.iter().map(|(as_is, _)| *as_is).collect();
        let lifted: Vec<f64> = pairs.iter().map(|(_, lifted)| *lifted).collect();
        let differences: Vec<f64> = pairs.iter().map(|(as_is, lifted)| lifted - as_is).collect();
        let (mut n_late, mut n_in_time) = (0, 0);
        for (base, without) in self.pairs() {
            let copies = base.1.copies.values();
            let of = copies.filter(|(of, _)| scope == "all" || base.1.scopes[*of] == scope);
            n_late += index_u64(of.count());
            n_in_time += sums_of(base, without, scope).n_in_time;
        }
        let link = if let Lift::Link(link) = self.lift { Some(link) } else { None };
        Some(Lifted {
            limit: self.lift.name(),
            place: link.map_or_else(String::new, |link| self.model.links[link].name.clone()),
            scope: scope.to_owned(),
            measure,
            unit,
            as_is: Estimate::of(&as_is, LEVEL)?.mean,
            lifted: Estimate::of(&lifted, LEVEL)?.mean,
            difference: Estimate::of(&differences, LEVEL)?,
            in_time: (0 < n_late).then(|| count_u64(n_in_time) / count_u64(n_late)),
            fewer: self.fewer(scope).filter(|_| 0 < n_late),
            n_late,
        })
    }
}

/// What became of the late copies of a scope of a run, or of all of them.
fn sums_of((_, late): &Base, (_, sums): &Without, scope: &str) -> Sums {
    let of = late.scopes.iter().zip(sums).filter(|(name, _)| scope == "all" || *name == scope);
    of.fold(Sums::default(), |all, (_, one)| Sums {
        n_in_time: all.n_in_time + one.n_in_time,
        n_both: all.n_both + one.n_both,
        as_is_s: all.as_is_s + one.as_is_s,
        lifted_s: all.lifted_s + one.lifted_s,
    })
}
