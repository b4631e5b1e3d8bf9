//! What holds for every model, on small generated ones.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use snapferry::catalog::Cause;
use snapferry::drive::TargetShare;
use snapferry::engine::network::{Levels, Reference};
use snapferry::model::{
    AmiSplit, Applications, CatchUp, Change, Client, ClientPolicy, Clock, Initial, Items, Jitter,
    LinkLoss, Model, OnQuotaShort, Overlap, Pace, Per, QueueOrder, Residual, Retention, SameSource,
    Target, TargetKind, TierRule,
};
use snapferry::record::Outcome;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Rate, Span, count_u64};

use crate::support::{
    IRELAND, Row, Rows, WEST, client, every, fleet, image, link, measured, model, route_to, rule,
    run_on, volumes, window,
};

/// What a fleet is made from.
#[derive(Debug, Clone)]
struct Draft {
    mib: Vec<u64>,
    is_image: bool,
    mins: Option<u64>,
    period: u64,
    change: f64,
    makes_snapshot: bool,
    policy: ClientPolicy,
    on_quota_short: OnQuotaShort,
    overlap: Overlap,
    retain: Retention,
}

fn policies() -> impl Strategy<Value = ClientPolicy> {
    use QueueOrder::{Edf, Fifo, Largest, Priority, Smallest};
    let queue = (select(vec![Fifo, Edf, Smallest, Largest, Priority]), select(vec![None, Some(1)]))
        .prop_map(|(order, limit)| ClientPolicy::Queue { order, limit });
    prop_oneof![Just(ClientPolicy::GiveUp), Just(ClientPolicy::Retry), queue]
}

fn drafts() -> impl Strategy<Value = Draft> {
    use OnQuotaShort::{Hold, Longer, Standard, Take};
    let day = Span::from_days(1);
    let what = (
        prop::collection::vec(0..300_000u64, 1..4),
        prop::bool::weighted(0.3),
        select(vec![None, Some(15), Some(15), Some(30), Some(60)]),
        select(vec![20, 45, 60, 90]),
        0.0..1.0f64,
        any::<bool>(),
    );
    let how = (
        policies(),
        select(vec![Take, Take, Hold, Longer, Standard]),
        select(vec![Overlap::ReplaceQueued, Overlap::Queue, Overlap::Skip]),
        select(vec![Retention::Forever, Retention::Age(day), Retention::Count(1)]),
    );
    (what, how).prop_map(|(what, how)| {
        let (mib, is_image, mins, period, change, makes_snapshot) = what;
        let (policy, on_quota_short, overlap, retain) = how;
        Draft {
            makes_snapshot: makes_snapshot && !is_image,
            mib,
            is_image,
            mins,
            period,
            change,
            policy,
            on_quota_short,
            overlap,
            retain,
        }
    })
}

/// Adds a fleet with its client.
fn add(model: &mut Model, name: &str, draft: &Draft, to: snapferry::model::SiteIdx) {
    let sizes: Vec<Bytes> = draft.mib.iter().map(|mib| Bytes::mib(*mib)).collect();
    let items =
        if draft.is_image { Items::Images(vec![image("golden", &sizes)]) } else { volumes(&sizes) };
    let mut one = fleet(name, items, every(Span::from_mins(draft.period)));
    one.change = Change::PerSnapshot(draft.change);
    one.makes_snapshot = draft.makes_snapshot;
    one.schedule.jitter = Span::from_secs(60);
    let mut rule = rule(model, to, draft.mins.map(Span::from_mins));
    (rule.retain, rule.initial) = (draft.retain, Initial::Seeded);
    one.copies.push(rule);
    model.clients.push(Client {
        policy: draft.policy.clone(),
        on_quota_short: draft.on_quota_short,
        overlap: draft.overlap,
        backoff_first: Span::from_secs(30),
        backoff_factor: 2.0,
        backoff_max: Span::from_mins(15),
        jitter: Jitter::Full,
        max_waiting: 3,
        ..client(name)
    });
    model.fleets.push(one);
}

/// Four hours of fleets to the west, over a link of the scenario where it has a capacity.
pub(crate) fn models() -> impl Strategy<Value = Model> {
    let limits = (1..6u32, select(vec![300, 700, 2000]), select(vec![None, Some(200), Some(900)]));
    let assume = (
        select(vec![Clock::Transfer, Clock::Accept]),
        select(vec![Pace::Exact, Pace::Exact, Pace::Early]),
        select(vec![Residual::Static, Residual::Grow]),
        select(vec![CatchUp::Borrow, CatchUp::None]),
        select(vec![SameSource::SameDestination, SameSource::ClockOnly]),
        select(vec![LinkLoss::Resume, LinkLoss::Restart, LinkLoss::Error]),
        select(vec![TierRule::TimeBasedFirst, TierRule::Shared]),
        select(vec![AmiSplit::Proportional, AmiSplit::InOrder]),
    );
    let fleets = prop::collection::vec(drafts(), 1..4);
    (limits, assume, fleets, 0..10_000u64).prop_map(|(limits, assume, drafts, seed)| {
        let mut model = model();
        model.seed = seed;
        model.horizon = Span::from_hours(4);
        model.drain = Span::from_hours(3);
        let (slots, quota, capacity) = limits;
        model.accounts[0].limits.snapshot_slots = slots;
        model.accounts[0].limits.quota = Rate::mib_per_s(quota).ceil();
        model.accounts[0].limits.copy_snapshot_bucket = (3, 1);
        if let Some(capacity) = capacity {
            let mut wan = link("wan", Rate::mib_per_s(capacity));
            wan.windows = vec![window(3600, 4500, 0.0), window(8000, 9000, 0.3)];
            model.links.push(wan);
            model.routes[route_to(WEST)].links = vec![0];
        }
        let mut held = model.assume.clone();
        (held.clock, held.pace, held.residual, held.catch_up) =
            (assume.0, assume.1, assume.2, assume.3);
        (held.same_source, held.link_loss, held.tier, held.ami_split) =
            (assume.4, assume.5, assume.6, assume.7);
        held.overhead = Distribution::Uniform { low: 2.0, high: 30.0 };
        held.snapshot_fixed = Span::from_secs(42);
        held.snapshot_rate = Rate::mib_per_s(500);
        model.assume = held;
        for (place, draft) in drafts.iter().enumerate() {
            add(&mut model, &format!("f{place}"), draft, WEST);
        }
        model
    })
}

/// What a row has to say of itself.
fn check_row(model: &Model, row: &Row) -> Result<(), TestCaseError> {
    let stopped = model.end() + model.drain;
    let until = row.ended.unwrap_or(stopped);
    let sum: Span = row.causes.into_iter().sum();
    prop_assert_eq!(sum, until.since(row.due), "causes add up: {:?}", row);
    prop_assert_eq!(row.ended.is_none(), row.outcome == Outcome::Unfinished);
    let moments = [Some(row.due), row.asked, row.accepted, row.began, row.ended];
    let moments: Vec<_> = moments.into_iter().flatten().collect();
    prop_assert!(moments.is_sorted(), "{:?}", row);
    let waits = [Cause::Throttled, Cause::Slot, Cause::BackOff, Cause::ClientQueue];
    if let (Some(asked), Some(accepted)) = (row.asked, row.accepted) {
        let waited: Span = waits.into_iter().map(|cause| row.spent(cause)).sum();
        prop_assert!(waited <= accepted.since(asked), "{:?}", row);
    }
    prop_assert_eq!(row.full_because.is_some(), row.incremental == Some(false), "{:?}", row);
    let (Some(bytes), Some(began), Outcome::Completed) = (row.bytes, row.began, row.outcome) else {
        return Ok(());
    };
    prop_assert!(bytes <= row.moved, "{:?}", row);
    if model.assume.link_loss != LinkLoss::Restart {
        prop_assert_eq!(bytes, row.moved, "every byte once: {:?}", row);
    }
    if let Some(met) = row.met {
        let in_time = row.deadline.is_none_or(|deadline| until <= deadline);
        prop_assert_eq!(met, in_time, "{:?}", row);
        prop_assert_eq!(row.blame.is_none(), met, "{:?}", row);
    }
    // no copy is faster than its own cap; a nanosecond of rounding
    let most = if row.time_based {
        model.accounts[0].limits.copy_rate
    } else {
        Rate::mib_per_s(100).ceil()
    };
    let least = Rate::from_bytes_per_s(most).time_for(bytes).expect("not zero");
    let took = until.since(began);
    prop_assert!(least <= took + Span::from_nanos(1), "{:?} in {} not {}", row, took, least);
    Ok(())
}

fn rows_of(model: &Model) -> Rows {
    run_on::<Levels>(model, 0).0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Every counted copy has exactly one row, and one more for each time that it is made again after
    /// a failure; its causes add up to its time; no limit is passed.
    #[test]
    fn rows_and_limits_hold(model in models(), by_the_book in any::<bool>()) {
        let (rows, result) = if by_the_book {
            run_on::<Reference>(&model, 0)
        } else {
            run_on::<Levels>(&model, 0)
        };
        for row in &rows.copies {
            check_row(&model, row)?;
        }
        let name = |row: &Row| (row.fleet.clone(), row.volume.clone(), row.snapshot, row.again);
        let names: BTreeSet<_> = rows.copies.iter().map(name).collect();
        prop_assert_eq!(names.len(), rows.copies.len(), "one row each");
        let is_first = |row: &&Row| !row.volume.starts_with("golden/") && row.again == 0;
        let n_images = rows.images.iter().filter(|row| row.again == 0).count();
        let n = rows.copies.iter().filter(is_first).count() + n_images;
        prop_assert_eq!(u64::try_from(n).unwrap(), result.n_copies);
        let moved: Bytes = rows.copies.iter().map(|row| row.moved).sum();
        prop_assert_eq!(moved, Bytes::from_f64(measured(&result, "all", "moved")));
        let highest = |scope: &str, measure: &str| {
            let mut rows = result.measures.iter();
            let row = rows.find(|m| result.scopes[m.scope] == scope && m.measure.name == measure);
            row.map_or(0.0, |row| row.value)
        };
        let limits = &model.accounts[0].limits;
        prop_assert!(highest("us-west-2", "slots_max") <= f64::from(limits.snapshot_slots));
        let quota = Rate::from_bytes_per_s(limits.quota).get();
        prop_assert!(highest("us-east-1 → us-west-2", "quota_max") <= quota);
        for link in &model.links {
            let most = link.capacity.get() * (1.0 + 1e-12);
            prop_assert!(highest(&link.name, "link_max") <= most);
        }
    }

    /// Equal seeds, equal rows; and no order of fleets in the file changes any.
    #[test]
    fn rows_depend_on_the_seed_and_on_no_order(model in models()) {
        let rows = rows_of(&model);
        prop_assert!(rows == rows_of(&model), "equal seeds, other rows");
        let mut turned = model.clone();
        turned.fleets.reverse();
        let (one, other) = (rows.sorted(), rows_of(&turned).sorted());
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(one.len(), other.len());
    }

    /// A fleet more, to another destination, changes no row of the others.
    #[test]
    fn another_destination_changes_no_row(model in models(), draft in drafts()) {
        let mut model = model;
        model.routes[route_to(WEST)].links.clear();
        let alone = rows_of(&model).sorted();
        add(&mut model, "a0", &draft, IRELAND);
        let mut beside = rows_of(&model).sorted();
        beside.retain(|row| row.fleet != "a0");
        for (one, other) in alone.iter().zip(&beside) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(alone.len(), beside.len());
    }

    /// What time-based copies carry together never exceeds their quota, borrowed or not: a second
    /// link that never limits sees it. Only early pacing goes beyond what is reserved.
    #[test]
    fn time_based_copies_never_carry_more_than_their_quota(
        model in models(),
        drafts in prop::collection::vec(drafts(), 2..5),
    ) {
        let mut model = model;
        model.fleets.clear();
        model.clients.clear();
        model.assume.pace = Pace::Exact;
        for (place, draft) in drafts.iter().enumerate() {
            let mins = draft.mins.or(Some(15));
            let on_quota_short = OnQuotaShort::Take;
            let draft = Draft { mins, on_quota_short, ..draft.clone() };
            add(&mut model, &format!("f{place}"), &draft, WEST);
        }
        model.links.push(link("probe", Rate::new(1e15)));
        let probe = model.links.len() - 1;
        model.routes[route_to(WEST)].links.push(probe);
        let (_, result) = run_on::<Levels>(&model, 0);
        let carried = measured(&result, "probe", "link_max");
        let quota = Rate::from_bytes_per_s(model.accounts[0].limits.quota).get();
        prop_assert!(carried <= quota * (1.0 + 1e-12), "{} of {}", carried, quota);
    }

    /// Each target comes to what its scopes come to, in counts, and in time; and copies late in a scope
    /// are those that its rows show, with the time that these spent.
    #[test]
    fn promises_add_up_over_scopes_and_fit_the_rows(
        model in models(),
        draft in drafts(),
        (mins, drain) in (select(vec![10u64, 40, 90, 180]), select(vec![0, 3])),
    ) {
        let mut model = model;
        add(&mut model, "a0", &draft, IRELAND);
        model.drain = Span::from_hours(drain);
        model.assume.link_loss = LinkLoss::Resume;
        for fleet in model.fleets.iter_mut().filter(|fleet| fleet.makes_snapshot) {
            fleet.applications = Applications::Every(2);
        }
        let limit = Span::from_mins(mins);
        let target = |kind| {
            Target { name: String::new(), kind, fleets: Vec::new(), to: None, share: 0.9 }
        };
        model.targets = vec![
            target(TargetKind::Copy { limit }),
            target(TargetKind::Batch { limit }),
            target(TargetKind::Rpo { limit, per: Per::Volume }),
            target(TargetKind::Rpo { limit, per: Per::Application }),
        ];
        let (rows, result) = run_on::<Levels>(&model, 0);
        for (target, of_scopes) in result.targets.iter().zip(&result.promises) {
            let sum = |of: fn(&TargetShare) -> u64| -> u64 {
                of_scopes.iter().map(|scope| of(&scope.fared)).sum()
            };
            prop_assert_eq!(sum(|of| of.n), target.n);
            prop_assert_eq!(sum(|of| of.n_missed), target.n_missed);
            prop_assert_eq!(sum(|of| of.n_open), target.n_open);
            prop_assert_eq!(of_scopes.iter().filter_map(|of| of.fared.worst).max(), target.worst);
            let held = |of: &TargetShare| of.share.unwrap_or_default() * count_u64(of.n);
            let together: f64 = of_scopes.iter().map(|of| held(&of.fared)).sum();
            prop_assert!((together - held(target)).abs() < 1e-9 * held(target).max(1.0));
        }
        for (fleet, of) in model.fleets.iter().zip(&result.promises[0]) {
            if fleet.items.are_images() {
                continue;
            }
            let own: Vec<&Row> = rows.copies.iter().filter(|row| row.fleet == fleet.name).collect();
            let is_late = |row: &&&Row| match (row.outcome, row.ended) {
                (Outcome::Completed, Some(ended)) => row.due + limit < ended,
                (Outcome::Unfinished, _) => {
                    limit < row.causes.into_iter().sum()
                }
                _ => true,
            };
            let late: Vec<&&Row> = own.iter().filter(is_late).collect();
            prop_assert_eq!(u64::try_from(late.len()).unwrap(), of.fared.n_missed);
            for cause in Cause::ALL.into_iter().filter(|cause| *cause != Cause::Paced) {
                let spent: u64 = late.iter().map(|row| row.spent(cause).nanos()).sum();
                let told = of.broke.get(cause as usize).copied().unwrap_or_default();
                prop_assert_eq!(u128::from(spent), told, "{:?} in {}", cause, &fleet.name);
            }
            let took = |row: &&Row| row.arrived().then(|| row.ended.unwrap().since(row.due));
            let slowest = own.iter().filter_map(took).max();
            prop_assert_eq!(of.slowest.map(|slowest| slowest.took), slowest);
        }
    }
}
