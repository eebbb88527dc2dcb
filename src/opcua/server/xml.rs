//! As much XML as a NodeSet needs: elements, attributes, text. No entities but the five, no documents types: what could
//! grow or reach out is refused. Pure.

/// Elements inside each other.
const DEPTH_MAX: usize = 64;
/// Elements of a file.
const ELEMENTS_MAX: usize = 4_000_000;

/// An element; its name without a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// All text directly inside.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// What is wrong, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct XmlError {
    line: usize,
    what: &'static str,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, without blanks around it.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }
}

/// Reads a document; gives its root.
pub(super) fn read(text: &str) -> Result<Element, XmlError> {
    let mut reader = Reader { text, at: 0 };
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    loop {
        let rest = &reader.text[reader.at..];
        let Some(next) = rest.find('<') else { return Err(reader.wrong("the end comes too early")) };
        if let Some(inside) = open.last_mut() {
            let piece = unescape(&rest[..next]).ok_or_else(|| reader.wrong("an entity that is not known"))?;
            inside.text.push_str(&piece);
        }
        reader.at += next;
        let rest = &reader.text[reader.at..];
        if rest.starts_with("<!--") {
            reader.skip("-->")?;
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").ok_or_else(|| reader.wrong("text without an end"))?;
            if let Some(inside) = open.last_mut() {
                inside.text.push_str(&data[..end]);
            }
            reader.skip("]]>")?;
        } else if rest.starts_with("<!") {
            return Err(reader.wrong("a document type, which a NodeSet has not"));
        } else if rest.starts_with("<?") {
            reader.skip("?>")?;
        } else if rest.starts_with("</") {
            let end = rest.find('>').ok_or_else(|| reader.wrong("a tag without an end"))?;
            let name = local(rest[2..end].trim());
            let closed = open.pop().filter(|element| element.name == name);
            let closed = closed.ok_or_else(|| reader.wrong("an end tag without its beginning"))?;
            reader.at += end + 1;
            match open.last_mut() {
                Some(parent) => parent.children.push(closed),
                None => return Ok(closed),
            }
        } else {
            count += 1;
            if count > ELEMENTS_MAX || open.len() >= DEPTH_MAX {
                return Err(reader.wrong("more elements than a NodeSet has"));
            }
            let (element, is_empty) = reader.tag()?;
            match (is_empty, open.last_mut()) {
                (false, _) => open.push(element),
                (true, Some(parent)) => parent.children.push(element),
                (true, None) => return Ok(element),
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: &'static str) -> XmlError {
        let line = self.text[..self.at].matches('\n').count() + 1;
        XmlError { line, what }
    }

    fn skip(&mut self, end: &str) -> Result<(), XmlError> {
        let found = self.text[self.at..].find(end).ok_or_else(|| self.wrong("something without an end"))?;
        self.at += found + end.len();
        Ok(())
    }

    /// A start tag, and whether the element ends with it.
    fn tag(&mut self) -> Result<(Element, bool), XmlError> {
        let rest = &self.text[self.at + 1..];
        let name_end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
        let name_end = name_end.filter(|end| *end > 0).ok_or_else(|| self.wrong("a tag without a name"))?;
        let mut element = Element { name: local(&rest[..name_end]).to_owned(), ..Element::default() };
        let mut rest = &rest[name_end..];
        loop {
            rest = rest.trim_start();
            if let Some(behind) = rest.strip_prefix("/>") {
                self.at = self.text.len() - behind.len();
                return Ok((element, true));
            }
            if let Some(behind) = rest.strip_prefix('>') {
                self.at = self.text.len() - behind.len();
                return Ok((element, false));
            }
            let (name, behind) = rest.split_once('=').ok_or_else(|| self.wrong("an attribute without a value"))?;
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''));
            let quote = quote.ok_or_else(|| self.wrong("a value without quotes"))?;
            let end = behind[1..].find(quote).ok_or_else(|| self.wrong("a value without an end"))?;
            let value = unescape(&behind[1..=end]).ok_or_else(|| self.wrong("an entity that is not known"))?;
            element.attributes.push((local(name.trim()).to_owned(), value));
            rest = &behind[end + 2..];
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// `None`: an entity that is not one of the five, or no character.
fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let (entity, behind) = rest[at + 1..].split_once(';')?;
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = behind;
    }
    plain.push_str(rest);
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_text_are_read() {
        let root = read(
            "<?xml version=\"1.0\"?>\n<!-- <a> -->\n<x:a b='1 &lt; 2' c:d=\"\"><e/>one<f>&#x4E2D;<![CDATA[<&]]></f> two</x:a>",
        );
        let root = root.expect("a document");
        assert_eq!((root.name.as_str(), root.attribute("b"), root.attribute("d")), ("a", Some("1 < 2"), Some("")));
        assert_eq!((root.text.as_str(), root.text_of("f")), ("one two", Some("中<&")));
        assert_eq!(root.children.len(), 2);
    }

    #[test]
    fn what_is_broken_or_could_grow_is_refused_with_its_line() {
        for text in [
            "",
            "<a>",
            "<a></b>",
            "<a b=1/>",
            "<a>&x;</a>",
            "<a",
            "<a b='1",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
            "<>",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("<a>\n\n</b>").expect_err("wrong").line, 3);
        assert!(read(&"<a>".repeat(100_000)).is_err());
    }
}
