//! Blocks that were counted to change, of the volumes of an inventory.

use std::collections::BTreeSet;

use super::{Notes, listed};
use crate::catalog::limit::BLOCK;
use crate::model::ListedVolume;
use crate::model::change::ChangeRate;
use crate::scenario::file::ChangedBlocks as Written;
use crate::scenario::inventory::{ChangedBlocks, Inventory, Snapshot, n_changed};
use crate::scenario::problem::did_you_mean;
use crate::scenario::tree::Found;
use crate::scenario::value::At;
use crate::units::Span;

/// Gives volumes the rates at which their blocks were counted to change; `key` is the inventory's.
pub(super) fn read(
    key: &str,
    written: Option<&At<Vec<At<Written>>>>,
    (inventory, volumes): (&Inventory, &mut Vec<ListedVolume>),
    notes: &mut Notes<'_>,
) {
    let mut counted = BTreeSet::new();
    for (place, entry) in written.iter().flat_map(|at| at.value.iter().enumerate()) {
        let key = format!("{key}.changed_blocks[{place}]");
        let Some(name) = &entry.value.volume else { continue };
        let mut wrong = |message: String, help: Option<String>| {
            notes
                .wrong(Found::new(format!("{key}.volume"), name.span.clone(), message).maybe(help));
        };
        let Some(place) = volumes.iter().position(|volume| volume.name == name.value) else {
            let near = did_you_mean(&name.value, volumes.iter().map(|volume| volume.name.as_str()));
            wrong(format!("the inventory has no volume `{}`", name.value), near);
            continue;
        };
        if !counted.insert(&name.value) {
            wrong(format!("the blocks of `{}` are counted already", name.value), None);
            continue;
        }
        let volume = &mut volumes[place];
        if volume.daily_change.is_some() {
            let help = "leave out its `change` there, or the blocks here".to_owned();
            wrong(format!("the CSV says how `{}` changes", name.value), Some(help));
            continue;
        }
        let gap = gap(&key, entry, inventory, notes);
        let n_blocks = n_blocks(&key, &entry.value, volume, notes);
        if let (Some(gap), Some(n_blocks)) = (gap, n_blocks) {
            volume.daily_change = Some(ChangeRate::counted(n_blocks, volume.written, gap));
        }
    }
}

/// How many blocks the files name: at most as many as the volume has.
fn n_blocks(
    key: &str,
    written: &Written,
    volume: &ListedVolume,
    notes: &mut Notes<'_>,
) -> Option<u64> {
    let key = format!("{key}.file");
    let file = written.file.as_ref()?;
    let pages = listed::files(&key, Some(file), ChangedBlocks::read, notes)?;
    if pages.is_empty() {
        notes.wrong(Found::new(key, file.span.clone(), "the list of files is empty"));
        return None;
    }
    let n_blocks = match n_changed(&pages) {
        Ok(n_blocks) => n_blocks,
        Err(problems) => {
            notes.input_problems.extend(problems.into_iter().map(|it| listed::told(&key, it)));
            return None;
        }
    };
    let all = volume.written.round_up_to(BLOCK).get() / BLOCK.get();
    if all < n_blocks {
        let message =
            format!("{n_blocks} changed blocks are more than the {all} that `{}` has", volume.name);
        let help = format!("the inventory lists {} written; are these its blocks?", volume.written);
        notes.wrong(Found::new(key, file.span.clone(), message).help(help));
        return None;
    }
    Some(n_blocks)
}

/// The time in which the blocks changed: given, or from the start of one snapshot to that of another.
fn gap(
    key: &str,
    written: &At<Written>,
    inventory: &Inventory,
    notes: &mut Notes<'_>,
) -> Option<Span> {
    match (&written.value.over, &written.value.first, &written.value.second) {
        (Some(over), None, None) if over.value == Span::ZERO => {
            let message = "nothing changes in no time";
            notes.wrong(Found::new(format!("{key}.over"), over.span.clone(), message));
            None
        }
        (Some(over), None, None) => Some(over.value),
        (None, Some(first), Some(second)) => {
            let volume = written.value.volume.as_ref().map(|name| name.value.as_str());
            let mut named = |part: &str, id: &At<String>| {
                snapshot(&format!("{key}.{part}"), id, (inventory, volume), notes)
            };
            let (earlier, later) = (named("first", first), named("second", second));
            let (earlier, later) = (earlier?, later?);
            if earlier.started < later.started {
                return Some(later.started.since(earlier.started));
            }
            let message = format!("`{}` is not later than `{}`", later.id, earlier.id);
            let help = "`first` is the earlier one, as in the call";
            notes.wrong(
                Found::new(format!("{key}.second"), second.span.clone(), message).help(help),
            );
            None
        }
        _ => {
            let message = "between which snapshots?";
            let help = "write `first` and `second`, as in the call, or `over = \"1 day\"`";
            notes.wrong(Found::new(key, written.span.clone(), message).help(help));
            None
        }
    }
}

/// The snapshot of this ID, which is none of another volume.
fn snapshot<'i>(
    key: &str,
    id: &At<String>,
    (inventory, volume): (&'i Inventory, Option<&str>),
    notes: &mut Notes<'_>,
) -> Option<&'i Snapshot> {
    let snapshots = inventory.snapshots();
    let Some(found) = snapshots.iter().find(|snapshot| snapshot.id == id.value) else {
        let message = format!("the inventory lists no snapshot `{}`", id.value);
        let help = did_you_mean(&id.value, snapshots.iter().map(|snapshot| snapshot.id.as_str()))
            .unwrap_or_else(|| "list it, or write `over`, the time between the two".to_owned());
        notes.wrong(Found::new(key, id.span.clone(), message).help(help));
        return None;
    };
    let other = found.volume.as_deref().filter(|of| volume.is_some_and(|volume| volume != *of));
    if let Some(other) = other {
        let message = format!("`{}` is a snapshot of `{other}`", id.value);
        notes.wrong(Found::new(key, id.span.clone(), message));
        return None;
    }
    Some(found)
}
