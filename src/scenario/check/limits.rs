//! `[limits]`: what the account may do.

use super::Notes;
use super::place::Places;
use crate::catalog::limit::{
    COPY_IMAGE_TOKENS, COPY_RATE_MAX, COPY_SNAPSHOT_TOKENS, IMAGE_COPY_SLOTS, PAIR_QUOTA,
    SNAPSHOT_COPY_SLOTS, SNAPSHOTS_PER_REGION, TokenBucket,
};
use crate::model::{Limits, SiteIdx};
use crate::scenario::file::{Bucket, File, Limits as Written};
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::Rate;

/// The limits that the provider documents.
pub(super) fn documented() -> Limits {
    let bucket = |tokens: TokenBucket| (tokens.capacity, tokens.refill_per_s);
    Limits {
        snapshot_slots: SNAPSHOT_COPY_SLOTS,
        snapshot_slots_at: Vec::new(),
        image_slots: IMAGE_COPY_SLOTS,
        quota: PAIR_QUOTA.ceil(),
        quota_of: Vec::new(),
        copy_rate: COPY_RATE_MAX.ceil(),
        copy_snapshot_bucket: bucket(COPY_SNAPSHOT_TOKENS),
        copy_image_bucket: bucket(COPY_IMAGE_TOKENS),
        snapshots: SNAPSHOTS_PER_REGION,
    }
}

/// Reads `[limits]` over the documented ones.
pub(super) fn read(file: &File, places: &Places, notes: &mut Notes<'_>) -> Limits {
    let documented = documented();
    match &file.limits {
        Some(written) => over(documented, ("limits", written), places, notes),
        None => documented,
    }
}

/// Limits as written at a key, over others.
pub(super) fn over(
    mut limits: Limits,
    (key, written): (&str, &Written),
    places: &Places,
    notes: &mut Notes<'_>,
) -> Limits {
    if let Some(at) = &written.snapshot_copies {
        limits.snapshot_slots = at.value;
    }
    if let Some(at) = &written.image_copies {
        limits.image_slots = at.value;
    }
    if let Some(at) = &written.quota {
        limits.quota = at.value.ceil();
        is_something(&format!("{key}.quota"), at, notes);
    }
    if let Some(at) = &written.copy_rate {
        limits.copy_rate = at.value.ceil();
        copy_rate(&format!("{key}.copy_rate"), at, notes);
    }
    if let Some(at) = &written.snapshots {
        limits.snapshots = at.value;
    }
    let api = written.api.as_ref();
    fill(api.and_then(|api| api.copy_snapshot.as_ref()), &mut limits.copy_snapshot_bucket);
    fill(api.and_then(|api| api.copy_image.as_ref()), &mut limits.copy_image_bucket);
    destinations((key, written), places, &mut limits, notes);
    pairs((key, written), places, &mut limits, notes);
    limits
}

fn copy_rate(key: &str, at: &At<Rate>, notes: &mut Notes<'_>) {
    is_something(key, at, notes);
    if at.value != COPY_RATE_MAX {
        let message = "the provider does not adjust the rate of one copy (F3)";
        notes.warn(Found::new(key, at.span.clone(), message).help("it is fixed at 500 MiB/s"));
    }
}

fn is_something(key: &str, at: &At<Rate>, notes: &mut Notes<'_>) {
    if at.value == Rate::ZERO {
        notes.wrong(Found::new(key, at.span.clone(), "must be more than nothing"));
    }
}

fn fill(written: Option<&Bucket>, bucket: &mut (u32, u32)) {
    let Some(written) = written else { return };
    if let Some(at) = &written.capacity {
        bucket.0 = at.value;
    }
    if let Some(at) = &written.refill_per_s {
        bucket.1 = at.value;
    }
}

/// Limits of single destinations; those that stood before for the same ones go.
fn destinations(
    (key, written): (&str, &Written),
    places: &Places,
    limits: &mut Limits,
    notes: &mut Notes<'_>,
) {
    let mut own: Vec<(SiteIdx, u32)> = Vec::new();
    for (at, destination) in written.destination.iter().flatten().enumerate() {
        let (Some(to), Some(slots)) = (&destination.value.to, &destination.value.snapshot_copies)
        else {
            continue;
        };
        for site in places.all(&to.value) {
            if own.iter().any(|(known, _)| known == site) {
                let message = format!("`{}` has its limit already", to.value);
                let key = format!("{key}.destination[{at}].to");
                notes.wrong(Found::new(key, to.span.clone(), message));
            }
            own.push((*site, slots.value));
        }
    }
    limits.snapshot_slots_at.retain(|(site, _)| own.iter().all(|(known, _)| known != site));
    limits.snapshot_slots_at.extend(own);
}

/// Quotas of pairs of Regions; those that stood before for the same ones go.
fn pairs(
    (key, written): (&str, &Written),
    places: &Places,
    limits: &mut Limits,
    notes: &mut Notes<'_>,
) {
    let mut own: Vec<((SiteIdx, SiteIdx), u64)> = Vec::new();
    for (at, pair) in written.pair.iter().flatten().enumerate() {
        let (Some(from), Some(to), Some(quota)) =
            (&pair.value.from, &pair.value.to, &pair.value.quota)
        else {
            continue;
        };
        let ends = [places.region(from), places.region(to)];
        for (end, name) in ends.iter().zip([from, to]) {
            if end.is_none() && places.knows(&name.value) {
                let message =
                    format!("`{}` is no Region; quotas are of pairs of Regions", name.value);
                notes.wrong(Found::new(format!("{key}.pair[{at}]"), name.span.clone(), message));
            }
        }
        let [Some(from), Some(to)] = ends else { continue };
        if own.iter().any(|(known, _)| *known == (from, to)) {
            let message = "this pair has its quota already";
            notes.wrong(Found::new(format!("{key}.pair[{at}]"), pair.span.clone(), message));
        }
        is_something(&format!("{key}.pair[{at}].quota"), quota, notes);
        own.push(((from, to), quota.value.ceil()));
    }
    limits.quota_of.retain(|(pair, _)| own.iter().all(|(known, _)| known != pair));
    limits.quota_of.extend(own);
}
