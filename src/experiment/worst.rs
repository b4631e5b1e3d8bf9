//! The worst copies of a plan: where the time of each went, and the same run without the limit that cost
//! it most.

use std::collections::BTreeMap;

use super::crew::Crew;
use crate::catalog::Cause;
use crate::drive::Worst;
use crate::model::{ClientPolicy, Lift, Model};
use crate::plan::Point;
use crate::record::{CopyRecord, Fate, ImageRecord, Outcome, RpoRecord, Sink, Stretch, Trail};
use crate::rng::NameHash;
use crate::units::{Bytes, Instant, Span};

/// Stretches that are told of one copy.
const STRETCHES: usize = 40;

/// One of the worst copies. The fields are columns of `worst.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WorstCopy {
    pub(super) replication: u32,
    pub(super) fleet: String,
    pub(super) volume: String,
    pub(super) snapshot: u64,
    pub(super) to: String,
    pub(super) due: Instant,
    pub(super) ended: Option<Instant>,
    pub(super) outcome: Outcome,
    /// From due to its end, or that of the run.
    pub(super) took: Span,
    pub(super) limit: Option<Span>,
    pub(super) late: Span,
    pub(super) broke: bool,
    pub(super) bytes: Option<Bytes>,
    pub(super) required: Option<u64>,
    pub(super) granted: Option<u64>,
    pub(super) incremental: Option<bool>,
    pub(super) causes: [Span; Cause::ALL.len()],
    /// Where its time went.
    pub(super) stretches: Vec<Stretch>,
    /// What it does without the limit that cost it most, if any can be lifted.
    pub(super) lifted: Option<LiftedCopy>,
}

/// The same copy without a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LiftedCopy {
    pub(super) lift: Lift,
    /// From due to completed; none where it is never there.
    pub(super) took: Option<Span>,
    pub(super) broke: bool,
}

/// What became of a wish that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    rule: usize,
    took: Option<Span>,
    limit: Option<Span>,
    late: Span,
    broke: bool,
}

/// Looks for the copies of some wishes, and follows them where it is to.
#[derive(Debug, Default)]
struct Look {
    /// The wishes, with what became of each.
    wishes: BTreeMap<NameHash, Option<Found>>,
    follows: bool,
    /// The copies that it followed, and the trail of each, as it was.
    followed: BTreeMap<NameHash, (WorstCopy, Trail)>,
}

impl Look {
    fn of(wishes: impl Iterator<Item = NameHash>, follows: bool) -> Look {
        Look { wishes: wishes.map(|wish| (wish, None)).collect(), follows, ..Look::default() }
    }
}

impl Sink for Look {
    fn copy(&mut self, _row: &CopyRecord<'_>) {}
    fn image(&mut self, _row: &ImageRecord<'_>) {}
    fn rpo(&mut self, _row: &RpoRecord<'_>) {}

    fn takes_rows(&self) -> bool {
        false
    }

    fn fate(&mut self, fate: &Fate<'_>) {
        if let Some(found) = self.wishes.get_mut(&fate.wish()) {
            *found = Some(Found {
                rule: fate.rule,
                took: fate.completed.map(|at| at.since(fate.due)),
                limit: fate.latest.map(|latest| latest.since_or_zero(fate.due)),
                late: fate.late,
                broke: fate.broke,
            });
        }
    }

    fn follows_any(&self) -> bool {
        self.follows
    }

    fn follows(&self, wish: NameHash) -> bool {
        self.wishes.contains_key(&wish)
    }

    fn followed(&mut self, wish: NameHash, row: &CopyRecord<'_>, trail: &Trail) {
        let Some(found) = self.wishes[&wish] else { return };
        let mut short = trail.clone();
        short.shorten(STRETCHES);
        let copy = WorstCopy {
            replication: row.replication,
            fleet: row.fleet.to_owned(),
            volume: row.volume.to_owned(),
            snapshot: row.snapshot,
            to: row.to.to_owned(),
            due: row.due,
            ended: row.ended,
            outcome: row.outcome,
            took: row.causes.into_iter().sum(),
            limit: found.limit,
            late: found.late,
            broke: found.broke,
            bytes: row.bytes,
            required: row.required,
            granted: row.granted,
            incremental: row.incremental,
            causes: row.causes,
            stretches: short.stretches().to_vec(),
            lifted: None,
        };
        self.followed.insert(wish, (copy, trail.clone()));
    }
}

/// Runs again what the worst copies of a point are in, the worst first, and once more without the
/// limit that cost each most.
pub(super) fn of(point: &Point, worst: &[(u32, Worst)], crew: &Crew<'_>) -> Vec<WorstCopy> {
    let model = &point.model;
    let places = worst.iter().map(|(replication, one)| (*replication, one.wish));
    let places: Vec<(u32, NameHash)> = places.collect();
    let mut runs: BTreeMap<u32, Vec<NameHash>> = BTreeMap::new();
    for (replication, wish) in &places {
        runs.entry(*replication).or_default().push(*wish);
    }
    let looks =
        runs.into_iter().map(|(of, wishes)| (model, of, Look::of(wishes.into_iter(), true)));
    let mut followed = BTreeMap::new();
    let mut rules = BTreeMap::new();
    for (_, look) in crew.run_each(looks.collect()) {
        for (wish, (copy, trail)) in look.followed {
            let rule = look.wishes[&wish].map_or(0, |found| found.rule);
            rules.insert((copy.replication, wish), (rule, trail));
            followed.insert((copy.replication, wish), copy);
        }
    }
    let lifts = Lifts::of(model);
    let mut without: BTreeMap<(Lift, u32), Vec<NameHash>> = BTreeMap::new();
    for ((replication, wish), (rule, trail)) in &rules {
        let fleet = &followed[&(*replication, *wish)].fleet;
        if let Some(lift) = lifts.costliest(model, (fleet, *rule), trail) {
            without.entry((lift, *replication)).or_default().push(*wish);
        }
    }
    for (lift, took) in run_without(&lifts, without, crew) {
        for (place, found) in took {
            let copy = followed.get_mut(&place).expect("it was followed");
            copy.lifted = Some(LiftedCopy { lift, took: found.took, broke: found.broke });
        }
    }
    places.iter().filter_map(|place| followed.remove(place)).collect()
}

/// What became of wishes in runs without a limit.
type Without = (Lift, Vec<((u32, NameHash), Found)>);

/// Runs replications without one limit each, and says what became of the wishes.
fn run_without(
    lifts: &Lifts,
    runs: BTreeMap<(Lift, u32), Vec<NameHash>>,
    crew: &Crew<'_>,
) -> Vec<Without> {
    let of: Vec<(Lift, u32)> = runs.keys().copied().collect();
    let each = runs.into_iter().map(|((lift, replication), wishes)| {
        (lifts.model(lift), replication, Look::of(wishes.into_iter(), false))
    });
    let looks = crew.run_each(each.collect()).into_iter();
    let found = of.into_iter().zip(looks).map(|((lift, replication), (_, look))| {
        let wishes = look.wishes.into_iter();
        (lift, wishes.filter_map(|(wish, found)| Some(((replication, wish), found?))).collect())
    });
    found.collect()
}

/// The limits of a model that can be lifted, with the model without each.
struct Lifts(Vec<(Lift, Model)>);

impl Lifts {
    fn of(model: &Model) -> Lifts {
        let all = Lift::all(model).into_iter().map(|lift| (lift, lift.of(model)));
        Lifts(all.filter(|(_, lifted)| lifted != model).collect())
    }

    fn model(&self, lift: Lift) -> &Model {
        let (_, model) = self.0.iter().find(|(own, _)| *own == lift).expect("it can be lifted");
        model
    }

    /// The limit that cost most of the time of a copy of a fleet's rule, of those that can be lifted;
    /// of equals the first in a copy's life.
    fn costliest(
        &self,
        model: &Model,
        (fleet, rule): (&str, usize),
        trail: &Trail,
    ) -> Option<Lift> {
        let fleet = model.fleets.iter().find(|own| own.name == fleet)?;
        let policy = &model.clients[fleet.copies[rule].client].policy;
        let mut cost: Vec<(Lift, Span)> = Vec::new();
        let took = |cause| {
            let of = trail.stretches().iter().filter(move |stretch| stretch.cause == cause);
            of.map(Stretch::length).sum::<Span>()
        };
        let by_quota = took(Cause::Slot) == Span::ZERO && Span::ZERO < took(Cause::Quota);
        for stretch in trail.stretches() {
            let lift = match (stretch.cause, policy) {
                (Cause::Snapshot, _) => Some(Lift::Snapshot),
                (Cause::Throttled, _) => Some(Lift::Tokens),
                // after a refusal: for want of what there was too little of besides
                (Cause::BackOff, _) if by_quota => Some(Lift::Quota),
                (Cause::ClientQueue, ClientPolicy::Queue { limit: Some(_), .. }) => {
                    Some(Lift::ClientLimit)
                }
                (Cause::Slot | Cause::BackOff | Cause::ClientQueue, _) => Some(Lift::Slots),
                (Cause::StartUp, _) => Some(Lift::StartUp),
                (Cause::Quota, _) => Some(Lift::Quota),
                (Cause::OwnCap, _) => Some(Lift::CopyRate),
                (Cause::StandardCap, _) => Some(Lift::StandardRate),
                (Cause::Outage | Cause::Link, _) => stretch.link.map(Lift::Link),
                (Cause::Window | Cause::SameSource | Cause::Paced, _) => None,
            };
            let Some(lift) = lift else { continue };
            match cost.iter_mut().find(|(own, _)| *own == lift) {
                Some((_, sum)) => *sum += stretch.length(),
                None => cost.push((lift, stretch.length())),
            }
        }
        cost.retain(|(lift, _)| self.0.iter().any(|(own, _)| own == lift));
        cost.sort_by_key(|(lift, sum)| (std::cmp::Reverse(*sum), *lift));
        cost.first().map(|(lift, _)| *lift)
    }
}
