//! What is stored, by fleet, destination, and account: which shelf is whose, and what it costs.

use super::Run;
use crate::engine::network::Network;
use crate::model::Model;
use crate::units::ByteTime;

/// Whose each shelf of the engine is: a copy rule has one for each of its accounts.
#[derive(Debug, Clone)]
pub(super) struct Shelves {
    /// The first shelf and the number of accounts of each scope.
    scopes: Vec<(usize, usize)>,
    /// Fleet, rule, and account of each shelf.
    owners: Vec<(usize, usize, usize)>,
}

impl Shelves {
    pub(super) fn new(model: &Model) -> Shelves {
        let (mut scopes, mut owners) = (Vec::new(), Vec::new());
        for (number, fleet) in model.fleets.iter().enumerate() {
            for (rule, copy) in fleet.copies.iter().enumerate() {
                scopes.push((owners.len(), copy.accounts.len()));
                owners.extend(copy.accounts.iter().map(|account| (number, rule, *account)));
            }
        }
        Shelves { scopes, owners }
    }

    /// The shelf of an item's copies in a scope: items take the accounts in turn.
    pub(super) fn of(&self, scope: usize, item: usize) -> usize {
        let (first, n_accounts) = self.scopes[scope];
        first + item % n_accounts
    }
}

impl<N: Network + Default> Run<'_, '_, N> {
    /// Makes up the bill of what was stored, by shelf: it is the copier's (F48).
    pub(super) fn bill_storage(&mut self, stored: &[ByteTime]) {
        for (kept, (fleet, rule, account)) in stored.iter().zip(&self.shelves.owners) {
            let route = self.model.fleets[*fleet].copies[*rule].route;
            let bill = self.tariffs[route].storage(*kept);
            let scope = self.tally.scope_of(*fleet, *rule);
            self.tally.keep(scope, *account, &bill);
        }
    }
}
