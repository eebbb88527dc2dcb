//! Commands of clients of the gateway's own OPC UA server: which variable they write, and who they are.

use super::flow::Flows;
use super::{Checking, given};
use crate::config::file::{ConnectionFile, Expected, ProofFile, SenderFile, ShownFile, WriteFile};
use crate::config::read::{At, ByName};
use crate::config::scalar::Name;
use crate::config::yaml::Place;
use crate::model::exposed::step;

impl Checking<'_> {
    /// The identifier of the variable that clients of this face write.
    pub(super) fn variable_shown(
        &mut self,
        typed: &WriteFile,
        place: Place,
        face: &str,
        all: &Flows<'_>,
    ) -> Option<String> {
        // A client writes one value, and says nothing beside it.
        let needed = typed.expected.as_ref().filter(|at| at.value.0 == Expected::Needed);
        let others = [
            ("topic", typed.topic.as_ref().map(|at| at.place)),
            ("reply", typed.reply.as_ref().map(|at| at.place)),
            ("nc-link-request", typed.nc_link_request.as_ref().map(|at| at.place)),
            ("call", typed.call.as_ref().map(|at| at.place)),
            ("expected", needed.map(|at| at.place)),
        ];
        for (key, at) in others.into_iter().filter_map(|(key, at)| Some((key, at?))) {
            self.reading.error("QIAO-C145", at, &[("key", key), ("other", "shown")]);
        }
        let Some(shown) = &typed.shown else {
            if !self.reading.is_unreadable(place, "shown") {
                self.reading.error("QIAO-C011", place, &[("key", "shown")]);
            }
            return None;
        };
        let flow = self.showing_flow(shown, face, all);
        let node = given(&shown.value.node)?;
        let is_path = !node.value.split('/').any(str::is_empty);
        if !is_path {
            self.reading.error("QIAO-C166", node.place, &[("path", &node.value)]);
        }
        let machine = given(&shown.value.machine)?;
        Some(format!("{}/{}/{}", step(&flow?), step(&machine.value), node.value)).filter(|_| is_path)
    }

    /// The flow that shows the machine: the one that is named, or the only one.
    fn showing_flow(&mut self, shown: &At<ShownFile>, face: &str, all: &Flows<'_>) -> Option<String> {
        let leads = all.typed.iter().filter(|flow| given(&flow.value.to).is_some_and(|to| to.value == face));
        let flows: Vec<&str> = leads.filter_map(|flow| Some(&*given(&flow.value.name)?.value.0)).collect();
        match (&shown.value.flow, flows.as_slice()) {
            (None, [flow]) => Some((*flow).to_owned()),
            (Some(typed), [_, ..]) => {
                let is_known = flows.contains(&&*typed.value);
                if !is_known {
                    self.reading.unknown("QIAO-C162", typed.place, &typed.value, flows.iter().copied());
                }
                is_known.then(|| typed.value.clone())
            }
            _ => {
                let facts = [("count", flows.len().to_string()), ("face", face.to_owned())];
                let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
                self.reading.error("QIAO-C163", shown.place, &facts);
                None
            }
        }
    }

    /// A sender that is a user is one of a face.
    pub(super) fn user_of_a_face(&mut self, user: &At<String>, all: &Flows<'_>) {
        let users: Vec<&str> = all.connections.0.iter().flat_map(|(_, typed)| users_of(typed.as_ref())).collect();
        if !users.contains(&&*user.value) {
            self.reading.unknown("QIAO-C164", user.place, &user.value, users);
        }
    }

    /// Some user of the face has a role of the entry, or nobody could write it.
    pub(super) fn somebody_of_the_face(
        &mut self,
        face: Option<&At<String>>,
        roles: &At<Vec<At<Name>>>,
        senders: &ByName<SenderFile>,
        all: &Flows<'_>,
    ) {
        let Some(face) = face else { return };
        let typed = all.connections.0.iter().find(|(key, _)| key.text == face.value);
        let users: Vec<&str> = typed.map(|(_, typed)| users_of(typed.as_ref())).unwrap_or_default();
        let has_role = |sender: &SenderFile| {
            let own = given(&sender.roles).map_or(&[][..], |at| &at.value);
            own.iter().any(|own| roles.value.iter().any(|role| role.value == own.value))
        };
        let is_user = |sender: &SenderFile| match given(&sender.known_by).map(|at| &at.value) {
            Some(ProofFile::User(user)) => users.contains(&&*user.value),
            _ => false,
        };
        let with_role = || senders.0.iter().filter_map(|(_, typed)| typed.as_ref()).filter(|sender| has_role(sender));
        // That nobody at all has the role was said already.
        if with_role().next().is_some() && !with_role().any(is_user) {
            self.reading.error("QIAO-C165", roles.place, &[("face", &face.value)]);
        }
    }
}

fn users_of(typed: Option<&ConnectionFile>) -> Vec<&str> {
    let Some(ConnectionFile::Face(face)) = typed else { return Vec::new() };
    let users = face.value.users.as_ref();
    users.map(|users| users.value.0.iter().map(|(key, _)| key.text.as_str()).collect()).unwrap_or_default()
}
