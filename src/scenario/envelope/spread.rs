//! How the bytes of copies are spread over them: what the smallest ones have of all.
//!
//! A promise of 95 % of copies lets the largest 5 % be late, and these may have a third of the bytes.

use super::load::Load;
use crate::model::change::{CHANGE_EXPONENT, change_rate};
use crate::model::{Change, Fleet, Items, Model};
use crate::rng::Distribution;
use crate::units::{Bytes, count, count_u64};

/// Points at which each of one, two, or three distributions is looked at.
const POINTS: [u64; 3] = [2000, 200, 40];

/// Copies of one size, in any unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// How many; may be a fraction.
    pub n: f64,
    /// How much each of them has.
    pub each: f64,
}

/// `n` copies of a load with `mean` each, as the bytes of full copies or of what changed are spread;
/// none where their spread has no closed form.
pub(super) fn parts(
    model: &Model,
    (load, is_full): (&Load, bool),
    (n, mean): (f64, f64),
) -> Option<Vec<Part>> {
    let sizes = sizes(&model.fleets[load.fleet], is_full)?;
    let n_sizes = count(sizes.len());
    let average = sizes.iter().sum::<f64>() / n_sizes;
    let scale = if 0.0 < average { mean / average } else { 0.0 };
    Some(sizes.iter().map(|size| Part { n: n / n_sizes, each: size * scale }).collect())
}

/// The share of the whole that the smallest `n` of these copies have, 0 to 1.
pub(super) fn of_smallest(mut parts: Vec<Part>, n: f64) -> f64 {
    parts.sort_by(|one, other| one.each.total_cmp(&other.each));
    let whole: f64 = parts.iter().map(|part| part.n * part.each).sum();
    let (mut left, mut sum) = (n, 0.0);
    for part in &parts {
        let taken = part.n.min(left.max(0.0));
        sum += taken * part.each;
        left -= taken;
    }
    if 0.0 < whole { sum / whole } else { 0.0 }
}

/// Sizes of the items of a fleet, or of what they change, each standing for equally many.
fn sizes(fleet: &Fleet, is_full: bool) -> Option<Vec<f64>> {
    let gap = libm::pow(fleet.schedule.interval().days(), CHANGE_EXPONENT);
    let moved = |rate: f64| if is_full { 1.0 } else { -libm::expm1(-rate * gap) };
    let sum = |parts: &mut dyn Iterator<Item = Bytes>| parts.map(Bytes::as_f64).sum::<f64>();
    let sizes = match &fleet.items {
        Items::Drawn { size, fill, .. } => {
            let rate = match &fleet.change {
                Change::Daily(daily) if !is_full => &daily.rate,
                _ => &Distribution::Constant(1.0), // all of it, or the same part of each
            };
            drawn(size, fill, (rate, gap))?
        }
        Items::Listed(volumes) => {
            let rate = |known: Option<f64>| known.map_or(1.0, moved);
            let own = |of: &crate::model::ListedVolume| of.daily_change.map(|rate| rate.0);
            let some_known = volumes.iter().any(|of| own(of).is_some());
            let all_known = volumes.iter().all(|of| own(of).is_some());
            if some_known && !all_known && !is_full {
                return None;
            }
            volumes.iter().map(|of| of.written.as_f64() * rate(own(of))).collect()
        }
        Items::Images(images) => images
            .iter()
            .map(|image| sum(&mut image.snapshots.iter().map(|part| part.written)))
            .collect(),
        Items::Requests { requests, .. } => requests
            .iter()
            .map(|request| sum(&mut request.snapshots.iter().map(|part| part.written)))
            .collect(),
    };
    Some(sizes).filter(|sizes: &Vec<f64>| !sizes.is_empty())
}

/// Sizes × fill × what changes in so many days, to the power of the law, over the quantiles of all.
fn drawn(
    size: &Distribution,
    fill: &Distribution,
    (rate, gap): (&Distribution, f64),
) -> Option<Vec<f64>> {
    let all = [size, fill, rate];
    let n_varying = all.iter().filter(|of| !matches!(of, Distribution::Constant(_))).count();
    let n_points = POINTS[n_varying.saturating_sub(1)];
    let quantiles = |of: &Distribution| -> Option<Vec<f64>> {
        let n = if matches!(of, Distribution::Constant(_)) { 1 } else { n_points };
        (0..n).map(|point| of.quantile((count_u64(point) + 0.5) / count_u64(n))).collect()
    };
    let (sizes, fills, rates) = (quantiles(size)?, quantiles(fill)?, quantiles(rate)?);
    let mut products = Vec::with_capacity(sizes.len() * fills.len() * rates.len());
    for size in &sizes {
        for fill in &fills {
            let moved = |share: &f64| -libm::expm1(-change_rate(share.clamp(0.0, 1.0)) * gap);
            products.extend(rates.iter().map(|share| size * fill * moved(share)));
        }
    }
    Some(products)
}
