//! The gateway's own OPC UA server: who may come in, and how.

use super::{Checking, given};
use crate::config::file::{FaceFile, FaceUserFile};
use crate::config::plan::{Anonymous, FaceConnection, FaceUser, SecurityMode};
use crate::config::read::{At, ByName};
use std::time::Duration;

/// A shorter password can be found by trying, however slow trying is made.
const PASSWORD_MIN: usize = 8;
const ROLE: &str = "observer";

impl Checking<'_> {
    /// `None`: it is wrong.
    pub(super) fn face(&mut self, typed: &At<FaceFile>) -> Option<FaceConnection> {
        let (table, typed) = (typed.place, &typed.value);
        let listen = given(&typed.listen).map(|at| at.value.0);
        let security = typed.security.as_ref().map_or(SecurityMode::SignAndEncrypt, |at| at.value.0);
        let is_open = security == SecurityMode::NoneIAcceptTheRisk;
        let by_default = if is_open { Anonymous::Read } else { Anonymous::Refuse };
        let anonymous = typed.anonymous.as_ref().map_or(by_default, |at| at.value.0);
        // Nobody else reaches this machine itself.
        if let (Some(security), Some(listen)) = (typed.security.as_ref().filter(|_| is_open), listen)
            && !listen.ip().is_loopback()
        {
            self.reading.warning("QIAO-C124", security.place, &[("address", &listen.to_string())]);
        }
        let nobody = ByName(Vec::new());
        let typed_users = typed.users.as_ref().map_or(&nobody, |users| &users.value);
        let is_readable = !["users", "anonymous"].iter().any(|key| self.reading.is_unreadable(table, key));
        if typed_users.0.is_empty() && anonymous == Anonymous::Refuse && is_readable {
            self.reading.error("QIAO-C125", typed.users.as_ref().map_or(table, |at| at.place), &[]);
        }
        let users = typed_users.0.iter().map(|(name, user)| self.face_user(&name.text, user.as_ref()?));
        let users: Option<Vec<FaceUser>> = users.collect::<Vec<_>>().into_iter().collect();
        let node_sets = typed.node_sets.as_ref().map_or(&[][..], |list| &list.value);
        let node_sets = node_sets.iter().map(|file| self.needed_file(file)).collect();
        let history = self.period(typed.history.as_ref(), Duration::from_secs(4 * 3600), ["0s", "24h"]);
        let stale_after = typed.stale_after.as_ref().map(|at| self.period(Some(at), at.value.0, ["1s", "24h"]));
        let max_sessions = typed.max_sessions.as_ref().map_or(50, |at| at.value.0);
        Some(FaceConnection {
            listen: listen?,
            security,
            users: users?,
            anonymous,
            history,
            stale_after,
            node_sets,
            max_sessions: u16::try_from(max_sessions).unwrap_or(u16::MAX),
        })
    }

    fn face_user(&mut self, name: &str, typed: &FaceUserFile) -> Option<FaceUser> {
        let typed_password = given(&typed.password)?;
        let password = self.secret(&typed_password.value)?;
        if password.reveal().len() < PASSWORD_MIN {
            self.reading.error(
                "QIAO-C126",
                typed_password.place,
                &[("user", name), ("least", &PASSWORD_MIN.to_string())],
            );
        }
        let role = typed.role.as_ref().map_or_else(|| ROLE.to_owned(), |at| at.value.0.clone());
        Some(FaceUser { name: name.to_owned(), password, role })
    }
}
