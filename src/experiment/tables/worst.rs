//! Rows of the worst copies, and of their stretches.

use std::io::Write;

use crate::experiment::worst::WorstCopy;
use crate::model::{Lift, Model};
use crate::record::CsvTable;
use crate::units::{Rate, Span};

/// The row of a copy; the worst are those of the first point.
pub(super) fn row<W: Write>(out: &mut CsvTable<W>, model: &Model, (rank, copy): (u64, &WorstCopy)) {
    out.integer(0).integer(rank).integer(u64::from(copy.replication));
    out.text(copy.fleet.as_str()).text(copy.volume.as_str()).integer(copy.snapshot);
    out.text(copy.to.as_str()).moment(copy.due).moment(copy.ended).text(copy.outcome.name());
    out.span(copy.took).span(copy.limit).span(Some(copy.late).filter(|late| Span::ZERO < *late));
    out.boolean(copy.broke).bytes(copy.bytes).integer(copy.required).integer(copy.granted);
    out.boolean(copy.incremental);
    for span in copy.causes {
        out.span(span);
    }
    let lifted = copy.lifted;
    out.text(lifted.map(|lifted| lifted.lift.name()));
    out.text(lifted.and_then(|lifted| match lifted.lift {
        Lift::Link(link) => Some(model.links[link].name.as_str()),
        _ => None,
    }));
    out.span(lifted.and_then(|lifted| lifted.took))
        .boolean(lifted.map(|lifted| lifted.broke))
        .end();
}

/// The rows of the stretches of a copy.
pub(super) fn stretches<W: Write>(
    out: &mut CsvTable<W>,
    model: &Model,
    (rank, copy): (u64, &WorstCopy),
) {
    for stretch in &copy.stretches {
        out.integer(0).integer(rank).moment(stretch.from).moment(stretch.until);
        out.text(stretch.cause.name());
        out.text(stretch.link.map(|link| model.links[link].name.as_str()));
        out.integer(stretch.rate.map(Rate::round)).end();
    }
}
