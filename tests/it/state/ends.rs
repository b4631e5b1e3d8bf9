//! Copies end before their time.

use snapferry::engine::CopyRequest;
use snapferry::engine::copy::End;
use snapferry::engine::network::Levels;
use snapferry::model::{CancelSnaps, SourceDelete, Switch};
use snapferry::record::Fault;
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Rate, Span};

use super::{Account, as_image, within};
use crate::support::{WEST, at, model, route_to, source};

/// 450,000 MiB in 15 min run at 500 MiB/s: at 450 s half of them, 225,000 MiB, have moved. Slot and
/// quota are free at once. It met nothing and missed nothing: nobody is to blame.
#[test]
fn a_target_deleted_midway_frees_what_it_held() {
    let model = model();
    let mut account = Account::<Levels>::of(&model);
    account.ask(0, &[source(0, 450_000)], within(15));
    assert!(account.cancel(450, 0));
    assert!(!account.cancel(450, 0), "it is gone");
    let end = account.ends()[0];
    assert_eq!((end.end, end.at, end.moved), (End::Cancelled, at(450), Bytes::mib(225_000)));
    assert_eq!((end.met, end.blame, end.fault), (None, None, None));
    assert_eq!(account.engine.slots_free(0, WEST), 20);
    let whole = Rate::mib_per_s(2000).ceil();
    assert_eq!(account.engine.quota_available(0, route_to(WEST)), whole);
    account.finish();
    assert_eq!(account.ends().len(), 1, "it ends once");
}

/// The second copy of a snapshot waits for its turn behind the first (F21). The first is deleted at
/// 100 s: the second runs from there, and has 900 s. Deleted itself while it waits, it has moved
/// nothing.
#[test]
fn a_turn_passes_on_when_who_has_it_is_deleted() {
    let model = model();
    let same = [source(7, 450_000)];
    let mut account = Account::<Levels>::of(&model);
    account.ask(0, &same, within(15));
    account.ask(0, &same, within(15));
    account.ask(0, &same, within(15));
    account.cancel(50, 2);
    account.cancel(100, 0);
    account.finish();
    let ends: Vec<_> = account.ends().into_iter().map(|e| (e.tag, e.at, e.moved)).collect();
    let moved = [Bytes::ZERO, Bytes::mib(50_000), Bytes::mib(450_000)];
    assert_eq!(ends, [(2, at(50), moved[0]), (0, at(100), moved[1]), (1, at(1000), moved[2])]);
}

/// 1,000 and 3,000 MiB at 100 MiB/s: at 20 s the first is there; of the second 2,000 MiB have moved,
/// and it ends with the image, or goes on to 30 s. The image's slot is free at 20 s either way.
#[test]
fn a_deregistered_image_takes_its_snapshots_along_or_leaves_them() {
    let both = [source(0, 1000), source(1, 3000)];
    for (rule, end, last, moved) in [
        (CancelSnaps::Cancelled, End::Cancelled, 20, 2000),
        (CancelSnaps::Continue, End::Completed, 30, 3000),
    ] {
        let mut model = model();
        model.assume.cancel_snaps = rule;
        let mut account = Account::<Levels>::of(&model);
        account.ask(0, &both, as_image);
        assert!(account.cancel(20, 0));
        let image = account.image_ends()[0];
        assert_eq!((image.end, image.at, image.met), (End::Cancelled, at(20), None));
        assert_eq!(image.n_going_on, u32::from(rule == CancelSnaps::Continue));
        assert_eq!(account.engine.accounts().image_slots(0, WEST).free(), 300);
        account.finish();
        let ends: Vec<_> = account.ends().iter().map(|e| (e.part, e.end, e.at, e.moved)).collect();
        let first = (0, End::Completed, at(10), Bytes::mib(1000));
        assert_eq!(ends, [first, (1, end, at(last), Bytes::mib(moved))]);
        assert_eq!(account.image_ends().len(), 1);
        assert_ne!(account.engine.touched() & Switch::CancelSnaps.bit(), 0);
    }
}

/// A copy with a key that may not be used is accepted, holds its slot while it starts up, 14 s, and
/// ends in error with nothing moved (F75); an image with one such snapshot fails as a whole.
#[test]
fn what_is_accepted_in_vain_fails_when_it_has_started_up() {
    let mut model = model();
    model.assume.overhead = Distribution::Constant(14.0);
    let mut account = Account::<Levels>::of(&model);
    account.ask(0, &[source(0, 450_000)], |request| fails(within(15)(request)));
    account.ask(0, &[source(1, 1000)], |request| fails(as_image(request)));
    assert_eq!(account.engine.slots_free(0, WEST), 19);
    account.finish();
    for end in account.ends() {
        let expected = (End::Error, at(14), Bytes::ZERO, Some(Fault::KeyNotAccessible));
        assert_eq!((end.end, end.at, end.moved, end.fault), expected);
    }
    let image = account.image_ends()[0];
    assert_eq!((image.end, image.fault), (End::Error, Some(Fault::KeyNotAccessible)));
    assert_eq!(account.engine.slots_free(0, WEST), 20);
}

/// At 10 s the source goes: by default its copies stay and end at 30 s; else they fail, with 1,000 of
/// 3,000 MiB moved. A copy of another snapshot is left alone.
#[test]
fn a_source_that_is_deleted_leaves_its_copies_alone_or_fails_them() {
    for (rule, end, last, moved) in [
        (SourceDelete::Continue, End::Completed, 30, 3000),
        (SourceDelete::Error, End::Error, 10, 1000),
    ] {
        let mut model = model();
        model.assume.source_delete = rule;
        let mut account = Account::<Levels>::of(&model);
        account.ask(0, &[source(0, 3000)], |request| request);
        account.ask(0, &[source(1, 3500)], |request| request);
        account.wait_until(10);
        assert_eq!(account.engine.source_deleted((0, 0), at(10), &mut account.told), 1);
        account.finish();
        let ends: Vec<_> = account.ends().iter().map(|e| (e.tag, e.end, e.at, e.moved)).collect();
        let other = (1, End::Completed, at(35), Bytes::mib(3500));
        assert_eq!(ends, [(0, end, at(last), Bytes::mib(moved)), other]);
        let fault = (rule == SourceDelete::Error).then_some(Fault::SourceDeleted);
        assert_eq!(account.ends()[0].fault, fault);
    }
}

/// With a key that may not be used.
fn fails(request: CopyRequest<'_>) -> CopyRequest<'_> {
    CopyRequest { fault: Some(Fault::KeyNotAccessible), ..request }
}

/// The cancelled copy was no base: the next one of the volume is full, too.
#[test]
fn a_cancelled_copy_is_no_base() {
    let model = model();
    let mut account = Account::<Levels>::of(&model);
    let mut one = source(0, 3000);
    one.anew = false;
    account.ask(0, &[one], |request| request);
    account.cancel(10, 0);
    one.snapshot.started = one.snapshot.started + Span::from_secs(1);
    one.snapshot.number = 1;
    let extent = account.engine.extent(&one, route_to(WEST), at(10));
    assert_eq!((extent.bytes, extent.incremental), (Bytes::mib(3000), false));
}
