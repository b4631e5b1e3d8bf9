//! Volumes and images that files list.

use super::Notes;
use crate::model::{Image, ListedVolume};
use crate::scenario::file::Inventory;
use crate::scenario::tree::Found;
use crate::scenario::value::At;

/// The volumes of an inventory.
pub(super) fn volumes(
    key: &str,
    inventory: &At<Inventory>,
    notes: &mut Notes<'_>,
) -> Option<Vec<ListedVolume>> {
    notes.wrong(Found::new(key, inventory.span.clone(), "inventories are not read yet"));
    None
}

/// The images of an inventory.
pub(super) fn images(
    key: &str,
    inventory: &At<Inventory>,
    notes: &mut Notes<'_>,
) -> Option<Vec<Image>> {
    notes.wrong(Found::new(key, inventory.span.clone(), "inventories are not read yet"));
    None
}
