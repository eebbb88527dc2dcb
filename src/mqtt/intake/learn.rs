//! Machines and fields appear with the first message that holds them, as many as the flow allows.

use super::{FlowIntake, Machine, Work, tell};
use crate::codec::plain_json;
use crate::finding::Finding;
use crate::model::browse::UA_NAMESPACE;
use crate::model::discovery::{DataType, ItemMode, Target};
use crate::model::topic_pattern::Part;
use crate::model::{BrowseName, BrowsePath, BuiltInType, FoundItem, FoundMachine};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A name that is longer than this in bytes is refused: it would be kept for every machine and field.
const NAME: usize = 512;
impl Work<'_> {
    /// The root of the machine the topic belongs to; `None` when there is no room for another.
    pub(super) fn machine(&mut self, flow: &mut FlowIntake, captures: &[(Part, &str)]) -> Option<String> {
        let named: Vec<(&Part, &str)> = captures.iter().map(|(part, text)| (part, *text)).collect();
        let machine = captures.iter().find(|(part, _)| *part == Part::Machine).map(|(_, text)| *text);
        let mut root = flow.input.pattern.root(&named);
        if let Some(machine) = machine.filter(|_| !flow.input.pattern.has_machine()) {
            // Its name stands in the message: no topic holds this sign.
            root.push('#');
            root.push_str(machine);
        }
        if flow.machines.contains_key(&root) {
            return Some(root);
        }
        if root.len() > NAME || machine.is_some_and(str::is_empty) {
            tell(&mut flow.told.name, self.findings, || too_long(self.topic, root.len()));
            return None;
        }
        if flow.machines.len() >= flow.input.max_machines as usize {
            let limit = flow.input.max_machines;
            let finding = || Finding::warning("QIAO-M061", self.topic).with("limit", limit);
            tell(&mut flow.told.machines, self.findings, finding);
            return None;
        }
        let index = self.machines.len() as u32;
        let name = BrowseName::new(UA_NAMESPACE, machine.unwrap_or(&flow.source));
        self.machines.push(FoundMachine {
            flow: flow.flow,
            node: root.clone(),
            browse_name: name.clone(),
            path: BrowsePath(vec![name]),
            types: Vec::new(),
            parent: String::new(),
        });
        let machine = Machine {
            index,
            slots: HashMap::new(),
            others: HashMap::new(),
            empty: HashSet::new(),
            units: HashMap::new(),
        };
        flow.machines.insert(root.clone(), machine);
        Some(root)
    }

    /// The slot of a field; `None` when there is no room for another, which is counted.
    pub(super) fn slot(&mut self, flow: &mut FlowIntake, root: &str, pointer: &str) -> Option<u32> {
        let machine = flow.machines.get_mut(root)?;
        let mut named = String::new();
        let pointer = if pointer.is_empty() {
            // A bare value under a plain topic: the topic's last level is its name.
            plain_json::push_step(&mut named, flow.input.pattern.last_literal().unwrap_or("value"));
            &named
        } else {
            pointer
        };
        if let Some(slot) = machine.slots.get(pointer) {
            return Some(*slot);
        }
        if pointer.len() > NAME {
            tell(&mut flow.told.name, self.findings, || too_long(self.topic, pointer.len()));
            self.batch.unplaced.push((flow.flow, 1));
            return None;
        }
        if flow.fields >= flow.input.max_fields {
            let limit = flow.input.max_fields;
            let finding = || Finding::warning("QIAO-M062", self.topic).with("limit", limit);
            tell(&mut flow.told.fields, self.findings, finding);
            self.batch.unplaced.push((flow.flow, 1));
            return None;
        }
        let slot = self.items.len() as u32;
        let names = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        let path: Vec<BrowseName> = names.map(|name| BrowseName::new(UA_NAMESPACE, name)).collect();
        self.items.push(FoundItem {
            node: format!("{root} {pointer}"),
            targets: vec![Target {
                machine: machine.index,
                types: vec![Arc::default(); path.len()],
                path: BrowsePath(path),
            }],
            mode: ItemMode::Monitored,
            // BaseDataType: what a member holds may differ from message to message.
            data_type: DataType { node: "i=24".to_owned(), built_in: BuiltInType::Variant, enumeration: None },
            value_rank: -2,
            unit: machine.units.get(pointer).cloned(),
        });
        machine.slots.insert(pointer.to_owned(), slot);
        flow.fields += 1;
        Some(slot)
    }
}

fn too_long(topic: &str, bytes: usize) -> Finding {
    let shown: String = topic.chars().take(80).collect();
    Finding::warning("QIAO-M063", shown).with("bytes", bytes).with("limit", NAME)
}
