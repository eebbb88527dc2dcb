//! Tables as people write them, and everything that can be wrong with them.

use super::*;
use crate::model::linear::Linear;
use crate::model::{DeclaredPath, DeclaredSource};
use crate::normalise::convert::{Bits, Meaning, Table, Then};
use crate::profile::Library;
use proptest::prelude::*;
use std::sync::LazyLock;

fn profiles() -> Vec<Arc<Profile>> {
    static UMATI: LazyLock<Arc<Profile>> =
        LazyLock::new(|| Library::built_in().value.find("umati/machine-tool@1.02").expect("installed"));
    vec![Arc::clone(&UMATI)]
}

/// Every finding as `line:column CODE`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let read = read("t.csv", text.as_bytes(), &profiles());
    let shown = |finding: &Finding| {
        let place = finding.place.strip_prefix("t.csv").expect("the file").trim_start_matches(':');
        format!("{place} {}", finding.code.0)
    };
    let found: Vec<String> = read.findings.iter().map(shown).collect();
    assert_eq!(found, expected, "{text}\n{:#?}", read.findings);
    for finding in &read.findings {
        for language in crate::finding::Language::ALL {
            let text = finding.text(language);
            assert!(!text.contains('‹') && !text.is_empty(), "{} in {language}: {text}", finding.code);
        }
    }
}

const MODE: &str = "/Monitoring/MachineTool/OperationMode";
const POWER: &str = "/Monitoring/MachineTool/PowerOnDuration";

#[test]
fn the_table_of_a_german_spreadsheet_is_read() {
    let text = format!(
        "\u{feff}path;node;type;unit;sample;field;source-unit;scale;offset;bit;enumeration;value;comment\r\n\
         Achse/Zeit;\"nsu=urn:a\u{3b};s=Zeit\";Int32;;7;{POWER};min;0,1;-17,5;;;;\"Zähler;\nhalb\"\r\n\
         ;;;;;;;;;;;;\r\n\
         Status;;UInt16;;5;{MODE};;;;4..6;1=Automatic|2=Manual;;\r\n\
         ;;;;;/Identification/SerialNumber;;;;;;\"\"\"4711\"\"\";\r\n\
         Rest;;;;;;;;;;;;\r\n"
    );
    // `;` inside quotes belongs to the node id.
    let text = text.replace("nsu=urn:a\u{3b};s=Zeit", "nsu=urn:a;s=Zeit");
    let read = read("t.csv", text.as_bytes(), &profiles());
    assert!(read.findings.is_empty(), "{:#?}", read.findings);
    let Binding { fields, rows } = read.value;
    assert_eq!(fields.len(), 3);
    assert_eq!((fields[0].field.as_str(), fields[0].place.as_str()), (POWER, "t.csv:2:6"));
    assert_eq!(fields[0].source, DeclaredSource::Node("nsu=urn:a;s=Zeit".to_owned()));
    // (x × 0.1 − 17.5) min in hours.
    assert_eq!(rows[0].conversion.then, Then::Linear(Linear::Exact { times: 1, plus: -175, over: 600 }));
    assert_eq!(fields[1].source, DeclaredSource::Path(DeclaredPath::parse("Status").expect("a path")));
    assert_eq!(fields[1].place, "t.csv:5:6", "a cell of two lines counts as two");
    assert_eq!(rows[1].conversion.bits, Some(Bits { first: 4, last: 6 }));
    assert_eq!((fields[2].source.clone(), rows[2].value.clone()), (DeclaredSource::Value, Some("4711".into())));
}

#[test]
fn any_separator_and_any_encoding_that_can_be_told() {
    let table = |separator: &str| {
        [["path", "field", "comment"], ["主轴", "machine.operation-mode", ""]].map(|row| row.join(separator)).join("\n")
    };
    for text in [table(","), table(";"), table("\t"), format!("sep=;\n{}", table(";"))] {
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let gb18030 = encoding_rs::GB18030.encode(&text).0.into_owned();
        for (bytes, code) in [(text.clone().into_bytes(), None), (utf16, None), (gb18030, Some("QIAO-B003"))] {
            let read = read("t.csv", &bytes, &profiles());
            let codes: Vec<&str> = read.findings.iter().map(|finding| &*finding.code.0).collect();
            assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{text:?}");
            let [field] = read.value.fields.as_slice() else { panic!("{:?}", read.value) };
            assert_eq!(field.source, DeclaredSource::Path(DeclaredPath::parse("主轴").expect("a path")));
        }
    }
    for latin in [b"path;field\nGr\xfc\xdfe;x\n".as_slice(), b"path;field\nS\xe4ge;x\n", b"\xff\xfe\x00\xd8"] {
        let read = read("t.csv", latin, &profiles());
        let codes: Vec<&str> = read.findings.iter().map(|finding| &*finding.code.0).collect();
        assert!(codes.contains(&"QIAO-B002") || codes.contains(&"QIAO-B003"), "{codes:?}: never in silence");
    }
}

#[test]
fn every_fault_has_its_cell() {
    check("", &[" QIAO-B004"]);
    check("path,node\n", &["1:1 QIAO-B009"]);
    check("path,field,feild,path\n", &["1:3 QIAO-B005", "1:4 QIAO-B006"]);
    check("path,field\na,/Monitoring/MachineTool/OperatonMode\n", &["2:2 QIAO-B011"]);
    check("path,field\na,machine.operaton-mode\n", &["2:2 QIAO-B011"]);
    check("path,field\na,channel.state\n", &["2:2 QIAO-B012"]);
    let row = |columns: &str, cells: &str| format!("field,{columns}\n{MODE},{cells}\n");
    check(&row("path", "a,b"), &["2:3 QIAO-B007"]);
    check(&row("node", "ns=2;s=a"), &["2:2 QIAO-B014"]);
    check(&row("node", "Spindle"), &["2:2 QIAO-B014"]);
    check(&row("path", "a/*/b"), &["2:2 QIAO-B015"]);
    check(&row("path", ""), &["2:1 QIAO-B016"]);
    check(&row("path,value", "a,1"), &["2:3 QIAO-B016"]);
    check(&row("value", "{\"a\":"), &["2:2 QIAO-B032"]);
    for wrong in ["64", "7..4", "-1", "4-7", "a"] {
        check(&row("path,bit", &format!("a,{wrong}")), &["2:3 QIAO-B017"]);
    }
    for wrong in ["\"0,1\"", "0", "1.000.0", "x"] {
        check(&row("path,scale", &format!("a,{wrong}")), &["2:3 QIAO-B018"]);
    }
    check(&row("path,source-unit", "a,mmm"), &["2:3 QIAO-B019"]);
    check(&row("path,source-unit", "a,MMT"), &["2:3 QIAO-B031"]);
    check(&format!("field,path,source-unit\n{POWER},a,MMT\n"), &["2:3 QIAO-B022"]);
    check(&format!("field,path,unit,source-unit\n{POWER},a,MIN,\n"), &["2:4 QIAO-B023"]);
    check(&format!("field,path,unit,source-unit\n{POWER},a,HUR,\n"), &[]);
    check(&row("path,enumeration", "a,AUTO"), &["2:3 QIAO-B024"]);
    check(&row("path,enumeration", "a,AUTO=Automatik"), &["2:3 QIAO-B025"]);
    check(&row("path,enumeration", "a,AUTO=17"), &["2:3 QIAO-B025"]);
    check(&row("path,enumeration", "a,1=Manual|01=Automatic"), &["2:3 QIAO-B026"]);
    check(&row("path,enumeration,scale", "a,1=Manual,2"), &["2:4 QIAO-B027"]);
    check("field,path,scale\n,a,2\n", &["2:1 QIAO-B010"]);
    check(&format!("field,path\n{MODE},a\nmachine.operation-mode,b\n"), &["3:1 QIAO-B013"]);
    check("field,path\n,a\n", &[" QIAO-B030"]);
}

#[test]
fn all_faults_are_told_at_once() {
    check(
        &format!("field,path,scale,bit,source-unit\n{MODE},a/*,x,99,zz\n{POWER},b,1,,MMT\nnonsense,c,,,\n"),
        &["2:2 QIAO-B015", "2:3 QIAO-B018", "2:4 QIAO-B017", "2:5 QIAO-B019", "3:5 QIAO-B022", "4:1 QIAO-B011"],
    );
}

#[test]
fn a_declared_unit_stands_in_the_message_where_the_field_states_its_own() {
    let text = "field,path,source-unit\n/Monitoring/MachineTool/FeedOverride/value,a,P1\n";
    let read = read("t.csv", text.as_bytes(), &profiles());
    assert!(read.findings.is_empty(), "{:#?}", read.findings);
    let [value, unit] = read.value.fields.as_slice() else { panic!("{:#?}", read.value.fields) };
    assert!(value.is_plain);
    assert_eq!(unit.field, "/Monitoring/MachineTool/FeedOverride/properties/EngineeringUnits");
    assert_eq!(read.value.rows[1].value.as_ref().expect("a value")["UnitId"], 20_529);
}

#[test]
fn states_may_hold_the_characters_that_separate_them() {
    let text = format!("field,path,enumeration\n{MODE},a,A\\|B\\=C=0|D\\\\=1\n");
    let read = read("t.csv", text.as_bytes(), &profiles());
    assert!(read.findings.is_empty(), "{:#?}", read.findings);
    let expected = Table::new(&[("A|B=C".to_owned(), Meaning::Number(0)), ("D\\".to_owned(), Meaning::Number(1))]);
    assert_eq!(read.value.rows[0].conversion.then, Then::Table(expected.expect("two states")));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        states in proptest::collection::btree_map("[^\\p{C}\\s]{1,8}", 0_i32..=5, 1..6),
        separator in prop::sample::select(vec![b',', b';', b'\t']),
    ) {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace('=', "\\=");
        let entries: Vec<String> = states.iter().map(|(state, number)| format!("{}={number}", escape(state))).collect();
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(["field", "path", "enumeration"]).expect("memory");
        writer.write_record([MODE, "a", &entries.join("|")]).expect("memory");
        let bytes = writer.into_inner().expect("memory");
        let states: Vec<_> = states.into_iter().map(|(state, number)| (state, Meaning::Number(number))).collect();
        let read = read("t.csv", &bytes, &profiles());
        match Table::new(&states) {
            Some(table) => prop_assert_eq!(&read.value.rows[0].conversion.then, &Then::Table(table)),
            None => prop_assert!(!read.is_good()),
        }
    }

    #[test]
    fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..200), is_table in any::<bool>()) {
        let head: &[u8] = if is_table { b"field,path,scale,bit,enumeration\n" } else { b"" };
        let read = read("t.csv", &[head, &bytes].concat(), &profiles());
        prop_assert_eq!(read.value.fields.len(), read.value.rows.len());
    }
}
