//! `[assume]`: the switches; those that the file leaves open have been set to their defaults.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Notes, spread};
use crate::api::Silent;
use crate::model::{Assumptions, SWITCHES};
use crate::rng::Distribution;
use crate::scenario::file::{Assume, File};
use crate::scenario::tree::{self, Found, Table};
use crate::units::{Rate, Span, index_usize};

/// Longest start-up that is believed, in seconds: a day.
const OVERHEAD_MAX: f64 = 86_400.0;

/// Reads the switches. `None` where one is missing, because what stood there was wrong.
pub(super) fn read(file: &File, notes: &mut Notes<'_>) -> Option<Assumptions> {
    let written = file.assume.as_ref()?;
    let snapshot = &written.snapshot.as_ref()?.value;
    let overhead = spread::read("assume.P-OVERHEAD", written.overhead.as_ref()?, notes);
    let rate = spread::read("assume.P-STD-RATE", written.standard_rate.as_ref()?, notes);
    let assume = Assumptions {
        clock: written.clock.as_ref()?.value,
        pace: written.pace.as_ref()?.value,
        time_based_slots: written.time_based_slots.as_ref()?.value,
        image_snapshot_slots: written.image_snapshot_slots.as_ref()?.value,
        edge_shares_parent_slots: written.edge_slots.as_ref()?.value.0,
        same_source: written.same_source.as_ref()?.value,
        residual: written.residual.as_ref()?.value,
        catch_up: written.catch_up.as_ref()?.value,
        min_grant: written.min_grant.as_ref()?.value,
        incremental_base: written.incremental_base.as_ref()?.value,
        rekey: written.rekey.as_ref()?.value,
        edge_always_full: written.edge_incremental.as_ref()?.value.0,
        quota_by_full_size: written.quota_size.as_ref()?.value.0,
        quota_scope: written.quota_scope.as_ref()?.value,
        ami_split: written.ami_split.as_ref()?.value,
        link_loss: written.link_loss.as_ref()?.value,
        tier: written.tier.as_ref()?.value,
        cancel_snaps: written.cancel_snaps.as_ref()?.value,
        source_delete: written.source_delete.as_ref()?.value,
        progress: written.progress.as_ref()?.value,
        quota_code: written.quota_code.as_ref()?.value.0,
        bill_round: written.bill_round.as_ref()?.value,
        blame_service: written.blame.as_ref()?.value.0,
        overhead: overhead?,
        standard_rate: rate?,
        snapshot_fixed: snapshot.fixed.as_ref()?.value,
        snapshot_rate: snapshot.rate.as_ref()?.value,
        local_zone_rate: written.local_zone_rate.as_ref()?.value,
        service_link_share: written.service_link_share.as_ref()?.value.0,
    };
    sane(written, &assume, notes);
    Some(assume)
}

/// What requests are judged by. `None` where something is missing, because what stood there was
/// wrong.
pub(super) fn judging(file: &File) -> Option<Silent> {
    let written = file.assume.as_ref()?;
    Some(Silent {
        route_code: written.route_code.as_ref()?.value,
        edge_duration_code: written.edge_duration_code.as_ref()?.value,
        quota_code: written.quota_code.as_ref()?.value.0,
        zone_pairs: written.zone_pairs.as_ref()?.value,
        zone_self: written.zone_self.as_ref()?.value,
        exclusive: written.exclusive.as_ref()?.value,
        zone_encryption: written.zone_encryption.as_ref()?.value,
        image_key: written.image_key.as_ref()?.value,
        token_zones: written.token_zones.as_ref()?.value,
        token_life: written.token_life.as_ref()?.value,
        no_region: written.no_region.as_ref()?.value,
        key_needs: written.key_needs.as_ref()?.value,
        key_check: written.key_check.as_ref()?.value,
        url_check: written.url_check.as_ref()?.value,
        image_source: written.image_source.as_ref()?.value,
        token_length: index_usize(written.token_length.as_ref()?.value),
    })
}

fn sane(written: &Assume, assume: &Assumptions, notes: &mut Notes<'_>) {
    let mut refuse = |wrong: bool, key: &str, span: Option<std::ops::Range<usize>>, why: &str| {
        if let Some(span) = span.filter(|_| wrong) {
            notes.wrong(Found::new(format!("assume.{key}"), span, why));
        }
    };
    let at = written.standard_rate.as_ref().map(|at| at.span.clone());
    let never = assume.standard_rate.support().1 <= 0.0;
    refuse(never, "P-STD-RATE", at, "standard copies would never move");
    let at = written.overhead.as_ref().map(|at| at.span.clone());
    let endless = assume.overhead == Distribution::Constant(f64::INFINITY)
        || OVERHEAD_MAX < assume.overhead.support().0;
    refuse(endless, "P-OVERHEAD", at, "must be at most a day");
    let rates = [
        (assume.snapshot_rate, "P-SNAPSHOT", written.snapshot.as_ref().map(|at| at.span.clone())),
        (
            assume.local_zone_rate,
            "P-LZ-RATE",
            written.local_zone_rate.as_ref().map(|at| at.span.clone()),
        ),
    ];
    for (rate, key, span) in rates {
        refuse(rate == Rate::ZERO, key, span, "the rate must be more than nothing");
    }
    let at = written.snapshot.as_ref().map(|at| at.span.clone());
    refuse(
        Span::from_days(7) < assume.snapshot_fixed,
        "P-SNAPSHOT",
        at,
        "`fixed` must be at most a week",
    );
    let share = assume.service_link_share;
    let at = written.service_link_share.as_ref().map(|at| at.span.clone());
    refuse(
        !(0.0 < share && share <= 1.0),
        "P-SL-SHARE",
        at,
        "must be more than 0 % and at most 100 %",
    );
}

/// What is assumed where a scenario says nothing: the defaults of the table of switches.
pub(super) fn defaults() -> Assumptions {
    static DEFAULTS: LazyLock<Assumptions> = LazyLock::new(|| {
        let mut root = Table::new();
        for info in SWITCHES {
            let value = tree::value_of(info.default, &(0..0));
            tree::set(&mut root, &format!("assume.{}", info.key), &value).expect("a path of keys");
        }
        let root = serde_spanned::Spanned::new(0..0, root);
        let file = File::deserialize(toml::Deserializer::from(root)).expect("defaults are valid");
        let no_files = |_: &str| Err("no files here".to_owned());
        let mut notes = Notes::new(&no_files);
        read(&file, &mut notes).expect("every switch has a default")
    });
    DEFAULTS.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Clock, Counting, Pace};

    /// The table of switches says: transfer, exact, counted; 2 to 30 s; a median of 100 MiB/s;
    /// 42 s and 50 MiB/s; 10 Gbit/s; 80 %.
    #[test]
    fn defaults_are_those_of_the_ledger() {
        let assume = defaults();
        assert_eq!(
            (assume.clock, assume.pace, assume.time_based_slots, assume.image_snapshot_slots),
            (Clock::Transfer, Pace::Exact, Counting::Counted, Counting::Free)
        );
        assert_eq!(assume.overhead.support(), (2.0, 30.0));
        assert_eq!(assume.standard_rate.median(), Some(Rate::mib_per_s(100).get()));
        assert_eq!(assume.snapshot_fixed, Span::from_secs(42));
        assert_eq!(assume.local_zone_rate, Rate::new(1.25e9));
        assert!((assume.service_link_share - 0.8).abs() < 1e-12);
        assert!(!assume.quota_by_full_size && !assume.edge_always_full && !assume.blame_service);
    }
}
