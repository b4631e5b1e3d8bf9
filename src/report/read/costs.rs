//! What a run costs, by point.

use std::collections::BTreeMap;

use super::{Fault, Folder, SummaryRow};
use crate::record::measure::{Measure, STORAGE, SURCHARGE, TRANSFER};

/// Parts of a bill.
pub(in crate::report) const BILL: [Measure; 3] = [TRANSFER, STORAGE, SURCHARGE];

/// What a run costs, US dollars: each part of [`BILL`], mean over runs.
pub(in crate::report) type Cost = [f64; BILL.len()];

impl Folder<'_> {
    /// What a run costs at each point where all parts have a mean.
    pub(in crate::report) fn costs(self) -> Result<BTreeMap<u64, Cost>, Fault> {
        let mut bills: BTreeMap<u64, [Option<f64>; BILL.len()]> = BTreeMap::new();
        self.each(|row: SummaryRow| {
            let part = BILL.iter().position(|part| part.name == row.measure);
            if let Some(part) = part.filter(|_| row.scope == "all") {
                bills.entry(row.point).or_default()[part] = row.mean.map(|mean| mean.value);
            }
            true
        })?;
        let whole = |(point, [transfer, storage, surcharge]): (u64, [Option<f64>; BILL.len()])| {
            Some((point, [transfer?, storage?, surcharge?]))
        };
        Ok(bills.into_iter().filter_map(whole).collect())
    }
}
