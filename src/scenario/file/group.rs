//! Names that stand for all elements of an `each`.

use crate::scenario::value::At;

/// What the names of elements are unique among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Fleets, images, and single copies.
    Copied,
    /// Clients.
    Clients,
    /// Links.
    Links,
    /// Outposts.
    Outposts,
    /// Targets.
    Targets,
}

/// The name of an element with `each`, and the names of the elements that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The list that the element stands in: `fleet`.
    pub kind: &'static str,
    /// What the names are unique among.
    pub among: Among,
    /// The name that stands for all.
    pub name: At<String>,
    /// Names of the elements, in order of the entries.
    pub members: Vec<String>,
}

/// All such names of a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groups(pub Vec<Group>);

impl Groups {
    /// The groups of one kind of names.
    pub fn of(&self, among: Among) -> impl Iterator<Item = &Group> {
        self.0.iter().filter(move |group| group.among == among)
    }

    /// The elements that a name stands for, if it is that of a group.
    pub fn members(&self, among: Among, name: &str) -> Option<&[String]> {
        let group = self.of(among).find(|group| group.name.value == name);
        group.map(|group| group.members.as_slice())
    }
}
