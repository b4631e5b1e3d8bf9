//! `[limits]`: what the account may do.

use super::Notes;
use super::place::Places;
use crate::catalog::limit::{
    COPY_IMAGE_TOKENS, COPY_RATE_MAX, COPY_SNAPSHOT_TOKENS, IMAGE_COPY_SLOTS, PAIR_QUOTA,
    SNAPSHOT_COPY_SLOTS, TokenBucket,
};
use crate::model::Limits;
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
    }
}

/// Reads `[limits]` over the documented ones.
pub(super) fn read(file: &File, places: &Places, notes: &mut Notes<'_>) -> Limits {
    let mut limits = documented();
    let Some(written) = &file.limits else { return limits };
    if let Some(at) = &written.snapshot_copies {
        limits.snapshot_slots = at.value;
    }
    if let Some(at) = &written.image_copies {
        limits.image_slots = at.value;
    }
    if let Some(at) = &written.quota {
        limits.quota = at.value.ceil();
        is_something("limits.quota", at, notes);
    }
    if let Some(at) = &written.copy_rate {
        limits.copy_rate = at.value.ceil();
        copy_rate(at, notes);
    }
    let api = written.api.as_ref();
    fill(api.and_then(|api| api.copy_snapshot.as_ref()), &mut limits.copy_snapshot_bucket);
    fill(api.and_then(|api| api.copy_image.as_ref()), &mut limits.copy_image_bucket);
    of_places(written, places, &mut limits, notes);
    limits
}

fn copy_rate(at: &At<Rate>, notes: &mut Notes<'_>) {
    let key = "limits.copy_rate";
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

/// Limits of single destinations and pairs.
fn of_places(written: &Written, places: &Places, limits: &mut Limits, notes: &mut Notes<'_>) {
    for (at, destination) in written.destination.iter().flatten().enumerate() {
        let (Some(to), Some(slots)) = (&destination.value.to, &destination.value.snapshot_copies)
        else {
            continue;
        };
        for site in places.all(&to.value) {
            if limits.snapshot_slots_at.iter().any(|(known, _)| known == site) {
                let message = format!("`{}` has its limit already", to.value);
                let key = format!("limits.destination[{at}].to");
                notes.wrong(Found::new(key, to.span.clone(), message));
            }
            limits.snapshot_slots_at.push((*site, slots.value));
        }
    }
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
                notes.wrong(Found::new(format!("limits.pair[{at}]"), name.span.clone(), message));
            }
        }
        let [Some(from), Some(to)] = ends else { continue };
        if limits.quota_of.iter().any(|(known, _)| *known == (from, to)) {
            let message = "this pair has its quota already";
            notes.wrong(Found::new(format!("limits.pair[{at}]"), pair.span.clone(), message));
        }
        is_something(&format!("limits.pair[{at}].quota"), quota, notes);
        limits.quota_of.push(((from, to), quota.value.ceil()));
    }
}
