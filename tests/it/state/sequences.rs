//! What holds of every sequence of requests, cancels, deletions, and waits.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use snapferry::billing::{Ending, Tariff};
use snapferry::engine::copy::{CopyEnd, End, Notice};
use snapferry::engine::network::Levels;
use snapferry::engine::view::{ImageState, SnapshotState};
use snapferry::engine::{Answer, CopyRequest};
use snapferry::model::{
    AmiSplit, CancelSnaps, CatchUp, Counting, LinkLoss, Model, Pace, Residual, SameSource,
    SourceDelete,
};
use snapferry::record::Fault;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Rate, Span, Usd, index_u32, index_u64};

use super::{Account, name};
use crate::support::{WEST, at, link, model, route_to, source, window};

/// Something that a caller does.
#[derive(Debug, Clone)]
enum Act {
    Ask { sources: Vec<(u32, u64)>, image: bool, mins: Option<u64>, fault: bool },
    Cancel(prop::sample::Index),
    Delete(u32),
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let source = (0..4u32, prop_oneof![Just(0), 1..400_000u64]);
    let ask = (
        prop::collection::vec(source, 1..4),
        prop::bool::weighted(0.4),
        select(vec![None, Some(15), Some(15), Some(30)]),
        prop::bool::weighted(0.1),
    );
    let ask =
        ask.prop_map(|(sources, image, mins, fault)| Act::Ask { sources, image, mins, fault });
    let act = prop_oneof![
        5 => ask,
        2 => any::<prop::sample::Index>().prop_map(Act::Cancel),
        1 => (0..4u32).prop_map(Act::Delete),
        4 => (0..1500u64).prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..40)
}

/// Few slots and little quota, over a link that is narrow, lost for a while, or neither.
fn models() -> impl Strategy<Value = Model> {
    let limits = (1..5u32, 1..4u32, select(vec![300, 700, 2000]), select(vec![None, Some(300)]));
    let one = (
        select(vec![CancelSnaps::Cancelled, CancelSnaps::Continue]),
        select(vec![SourceDelete::Continue, SourceDelete::Error]),
        select(vec![Counting::Counted, Counting::Free]),
        select(vec![AmiSplit::Proportional, AmiSplit::InOrder]),
        select(vec![LinkLoss::Resume, LinkLoss::Restart, LinkLoss::Error]),
    );
    let other = (
        select(vec![Pace::Exact, Pace::Early]),
        select(vec![Residual::Static, Residual::Grow]),
        select(vec![CatchUp::Borrow, CatchUp::None]),
        select(vec![
            SameSource::SameDestination,
            SameSource::AnyDestination,
            SameSource::ClockOnly,
        ]),
    );
    (limits, one, other).prop_map(|(limits, one, other)| {
        let mut model = model();
        let (slots, images, quota, capacity) = limits;
        model.accounts[0].limits.snapshot_slots = slots;
        model.accounts[0].limits.image_slots = images;
        model.accounts[0].limits.quota = Rate::mib_per_s(quota).ceil();
        model.horizon = Span::from_days(300);
        let capacity = capacity.map_or(Rate::new(1e15), Rate::mib_per_s);
        let mut wan = link("wan", capacity);
        wan.windows = vec![window(3000, 4000, 0.0)];
        model.links.push(wan);
        model.routes[route_to(WEST)].links = vec![0];
        let assume = &mut model.assume;
        (assume.cancel_snaps, assume.source_delete, assume.image_snapshot_slots) =
            (one.0, one.1, one.2);
        (assume.ami_split, assume.link_loss) = (one.3, one.4);
        (assume.pace, assume.residual, assume.catch_up, assume.same_source) = other;
        assume.overhead = Distribution::Uniform { low: 2.0, high: 30.0 };
        model
    })
}

/// An account with what the test knows of it.
struct Watched<'m> {
    model: &'m Model,
    account: Account<'m, Levels>,
    /// Snapshots of each accepted request, by tag; whether it is an image.
    accepted: BTreeMap<u64, (u32, bool)>,
    durations: BTreeMap<u64, Option<Span>>,
    now: u64,
}

impl Watched<'_> {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Wait(secs) => self.now += secs,
            Act::Cancel(which) => {
                let tag = index_u64(which.index(40));
                self.account.cancel(self.now, tag);
            }
            Act::Delete(volume) => {
                self.account.wait_until(self.now);
                let told = &mut self.account.told;
                self.account.engine.source_deleted((*volume, 0), at(self.now), told);
            }
            Act::Ask { sources, image, mins, fault } => {
                let n = if *image { sources.len() } else { 1 };
                let sources: Vec<_> =
                    sources[..n].iter().map(|(v, mib)| source(*v, *mib)).collect();
                let tag = self.account.n_asked;
                let duration = mins.map(Span::from_mins);
                let fault = fault.then_some(Fault::KeyNotAccessible);
                let image = *image;
                let answer = self.account.ask(self.now, &sources, |request| CopyRequest {
                    image,
                    duration,
                    fault,
                    ..request
                });
                if matches!(answer, Answer::Accepted(_)) {
                    self.accepted.insert(tag, (index_u32(n), image));
                    self.durations.insert(tag, duration);
                }
            }
        }
    }

    /// An image is available exactly when all its snapshots are completed; until it has ended it
    /// pends.
    fn check_images(&mut self) -> Result<(), TestCaseError> {
        let now = at(self.now);
        for (tag, _) in self.accepted.iter().filter(|(_, (_, image))| *image) {
            let engine = &mut self.account.engine;
            let view = engine.image(engine.image_id(name(*tag))).expect("it was accepted");
            let parts: Vec<Option<SnapshotState>> = view
                .block_device_mappings
                .iter()
                .map(|part| engine.snapshot(part.ebs.snapshot_id, now).map(|view| view.state))
                .collect();
            let all = parts.iter().all(|part| *part == Some(SnapshotState::Completed));
            let some_pend = parts.contains(&Some(SnapshotState::Pending));
            match view.state {
                ImageState::Available => prop_assert!(all, "{tag}: {parts:?}"),
                ImageState::Pending => prop_assert!(some_pend && !all, "{tag}: {parts:?}"),
                ImageState::Failed => prop_assert!(!all && !some_pend, "{tag}: {parts:?}"),
                ImageState::Deregistered => {}
            }
        }
        Ok(())
    }

    /// Slots and quota are never exceeded; the ledgers themselves assert it, and say so here.
    fn check_limits(&self) -> Result<(), TestCaseError> {
        let limits = &self.model.accounts[0].limits;
        let engine = &self.account.engine;
        prop_assert!(engine.slots_free(0, WEST) <= limits.snapshot_slots);
        prop_assert!(engine.quota_available(0, route_to(WEST)) <= limits.quota);
        let images = engine.accounts().image_slots(0, WEST).free();
        prop_assert!(images <= limits.image_slots);
        Ok(())
    }

    /// Everything is as it was before the first request.
    fn check_idle(&self) -> Result<(), TestCaseError> {
        let limits = &self.model.accounts[0].limits;
        let engine = &self.account.engine;
        prop_assert_eq!(engine.n_copies(), 0);
        prop_assert_eq!(engine.slots_free(0, WEST), limits.snapshot_slots);
        prop_assert_eq!(engine.accounts().image_slots(0, WEST).free(), limits.image_slots);
        prop_assert_eq!(engine.quota_available(0, route_to(WEST)), limits.quota);
        Ok(())
    }

    /// Each snapshot and each image that was accepted ended once, and no other did.
    fn check_ends(&self) -> Result<(), TestCaseError> {
        let mut ends: Vec<(u64, u32)> =
            self.account.ends().iter().map(|end| (end.tag, end.part)).collect();
        ends.sort_unstable();
        let parts = |(tag, (n, _)): (&u64, &(u32, bool))| (0..*n).map(|p| (*tag, p)).collect();
        let expected: Vec<Vec<(u64, u32)>> = self.accepted.iter().map(parts).collect();
        prop_assert_eq!(ends, expected.concat());
        let mut images: Vec<u64> = self.account.image_ends().iter().map(|end| end.tag).collect();
        images.sort_unstable();
        let expected = self.accepted.iter().filter(|(_, (_, image))| *image).map(|(tag, _)| *tag);
        prop_assert_eq!(images, expected.collect::<Vec<u64>>());
        Ok(())
    }

    /// Who was late was told of once, at the deadline and no other time; who was in time never.
    fn check_missed(&self) -> Result<(), TestCaseError> {
        for end in self.account.ends() {
            let told = self.account.told.iter().filter_map(|notice| match notice {
                Notice::DeadlineMissed { tag, part, at, cause, .. } => {
                    ((*tag, *part) == (end.tag, end.part)).then_some((*at, *cause))
                }
                Notice::CopyEnded(_) | Notice::ImageEnded(_) => None,
            });
            let told: Vec<_> = told.collect();
            let late = end.deadline.filter(|deadline| *deadline < end.at);
            prop_assert_eq!(
                told.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
                late.into_iter().collect::<Vec<_>>(),
                "{:?}",
                end
            );
            if end.end == End::Completed {
                prop_assert_eq!(told.first().map(|(_, cause)| *cause), end.missed);
            }
        }
        Ok(())
    }

    /// What a link carried, by its own account, is what ends and bills say was moved. With prices
    /// of a dollar per GiB and no other, a bill counts bytes.
    fn check_bytes(self) -> Result<(), TestCaseError> {
        let dollar = Usd::thousandths(1000);
        let tariff = Tariff {
            transfer_per_gb: dollar,
            ..Tariff::published("us-east-1", "us-west-2", "us-west-2")
        };
        let billed = |end: &CopyEnd| {
            let bill = match (self.durations[&end.tag], end.end) {
                (None, _) => tariff.standard(end.moved),
                (Some(asked), End::Cancelled) => {
                    tariff.time_based(end.moved, asked, Ending::Deleted)
                }
                (Some(asked), End::Error) => tariff.time_based(end.moved, asked, Ending::Failed),
                (Some(asked), _) => tariff.time_based(end.moved, asked, Ending::Met),
            };
            bill.transfer.as_f64()
        };
        let billed: f64 = self.account.ends().into_iter().map(billed).sum();
        let moved: Bytes = self.account.ends().iter().map(|end| end.moved).sum();
        let window = self.model.horizon.secs();
        let mut gauges = self.account.engine.close(self.model.end(), &mut Vec::new());
        let carried = gauges.links[0].mean(self.model.end()) * window;
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * other + 100.0;
        prop_assert!(near(carried, moved.as_f64()), "{carried} carried, {moved:?} moved");
        prop_assert!(near(billed * 1024.0 * 1024.0 * 1024.0, moved.as_f64()), "{billed} billed");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_sequence_breaks_what_always_holds(model in models(), acts in acts()) {
        let account = Account::of(&model);
        let (accepted, durations) = (BTreeMap::new(), BTreeMap::new());
        let mut watched = Watched { model: &model, account, accepted, durations, now: 0 };
        for act in &acts {
            watched.act(act);
            watched.account.wait_until(watched.now);
            watched.check_limits()?;
            watched.check_images()?;
        }
        watched.now += 200 * 86_400;
        watched.account.wait_until(watched.now);
        watched.check_idle()?;
        watched.check_images()?;
        watched.check_ends()?;
        watched.check_missed()?;
        watched.check_bytes()?;
    }
}
