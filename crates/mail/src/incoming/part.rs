//! The parts of a message: what is its text, and what was attached to it.
//!
//! The library finds where parts begin and end. What is in them is read here, from the raw bytes, because it decides for one charset
//! and forgets which.

use mail_parser::{Message, MessageParser, PartType};

use super::charset::{self, CharsetDecision, CharsetReason};
use super::header::{Header, shown};
use super::limits::ReadLimits;
use super::parameter::Value;
use super::{html, text, transfer};

/// Something that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name that its sender gave it, on one line; `None`: none. It is shown, and never the name of a file of ours.
    pub name: Option<String>,
    /// What its sender says it is, such as `application/pdf`.
    pub content_type: String,
    /// How an HTML body refers to it, without angle brackets.
    pub content_id: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What the parts of a message come to.
#[derive(Debug, Default)]
pub(super) struct Parts {
    texts: Vec<String>,
    /// The HTML that is the body, or is another form of it, cleaned, with its words.
    htmls: Vec<(Option<String>, String)>,
    pub(super) charset: Option<CharsetDecision>,
    pub(super) attachments: Vec<Attachment>,
    /// Of which kind the message is, when it as a whole is a report; empty: it does not say.
    report: Option<String>,
    /// What a mail server reports (`message/delivery-status`).
    pub(super) delivery_status: Option<Vec<u8>>,
    /// What a report says to people: behind it stands the message that it is about, at times as a text, too.
    pub(super) said: Option<String>,
    /// The message that a report is about, or its header.
    pub(super) reported: Option<Vec<u8>>,
}

/// How the body is wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) limits: &'a ReadLimits,
    /// The charset that a person chose.
    pub(super) charset: Option<&'a str>,
}

/// Where a part lies.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Message,
    Alternative,
    Report,
    Mixed,
}

impl Parts {
    pub(super) fn read(raw: &[u8], wanted: Wanted<'_>) -> Self {
        let mut parts = Self::default();
        if let Some(message) = MessageParser::new().parse(raw) {
            parts.walk(&message, raw, (0, 0), Inside::Message, wanted);
        } else {
            let (header, body) = Header::read(raw);
            let body = raw.get(body..).unwrap_or_default();
            parts.leaf(&header, body, Inside::Message, wanted);
        }
        parts
    }

    /// The text, and the HTML of which it may be made, cleaned.
    pub(super) fn bodies(&mut self) -> (String, Option<String>) {
        let htmls = std::mem::take(&mut self.htmls);
        let texts = std::mem::take(&mut self.texts);
        let written = texts.iter().any(|text| !text.trim().is_empty());
        let text = if written || htmls.is_empty() {
            texts.join("\n\n")
        } else {
            // Many send an empty text beside their HTML.
            let words: Vec<&str> = htmls.iter().map(|(_, words)| words.as_str()).collect();
            words.join("\n\n")
        };
        let html: Vec<String> = htmls.into_iter().filter_map(|(html, _)| html).collect();
        (
            text.trim_end().to_owned(),
            (!html.is_empty()).then(|| html.join("\n<hr>\n")),
        )
    }

    /// Whether the message as a whole is a report.
    pub(super) fn is_a_report(&self) -> bool {
        self.report.is_some()
    }

    /// Whether it reports that another message was looked at, or is complained about.
    pub(super) fn reports_something_else(&self) -> bool {
        let is_of_a_delivery = |it: &String| it.is_empty() || it.ends_with("delivery-status");
        self.delivery_status.is_none() && self.report.as_ref().is_some_and(|it| !is_of_a_delivery(it))
    }

    fn walk(
        &mut self,
        message: &Message<'_>,
        raw: &[u8],
        (id, depth): (u32, usize),
        inside: Inside,
        wanted: Wanted<'_>,
    ) {
        let Some(part) = message.parts.get(id as usize) else {
            return;
        };
        let [from, body, end] = [part.offset_header, part.offset_body, part.offset_end].map(|it| it as usize);
        // A multipart's end is written when it is met; one that was cut has none.
        let end = if end < body { raw.len() } else { end };
        let (header, _) = Header::read(raw.get(from..body).unwrap_or_default());
        match &part.body {
            // Parts that all name one boundary can lie deeper than their boundaries tell.
            PartType::Multipart(children) if depth < wanted.limits.depth => {
                let content_type = Value::read(&header.get("content-type").unwrap_or_default());
                let inside = match content_type.type_pair() {
                    (_, "alternative") => Inside::Alternative,
                    // A report in another message is what somebody encloses.
                    (_, "report") if inside == Inside::Message => {
                        let kind = content_type.plain("report-type").unwrap_or_default();
                        self.report = Some(kind.to_ascii_lowercase());
                        Inside::Report
                    }
                    // HTML with its pictures is another form of the text, too.
                    _ if matches!(inside, Inside::Report | Inside::Alternative) => inside,
                    _ => Inside::Mixed,
                };
                for child in children {
                    self.walk(message, raw, (*child, depth + 1), inside, wanted);
                }
            }
            _ => self.leaf(&header, raw.get(body..end).unwrap_or_default(), inside, wanted),
        }
    }

    fn leaf(&mut self, header: &Header<'_>, body: &[u8], inside: Inside, wanted: Wanted<'_>) {
        let content_type = Value::read(&header.get("content-type").unwrap_or_default());
        let disposition = Value::read(&header.get("content-disposition").unwrap_or_default());
        let bytes = transfer::decode(body, header.get("content-transfer-encoding").as_deref());
        let name = disposition
            .text("filename")
            .or_else(|| content_type.text("name"))
            .map(|name| shown(&name))
            .filter(|name| !name.is_empty());
        let is_reported = matches!(inside, Inside::Message | Inside::Report);
        match content_type.type_pair() {
            ("message", "delivery-status" | "global-delivery-status")
                if is_reported && self.delivery_status.is_none() =>
            {
                self.report.get_or_insert_default();
                self.delivery_status = Some(bytes);
                return;
            }
            ("message", "disposition-notification" | "global-disposition-notification") if is_reported => {
                self.report = Some("disposition-notification".to_owned());
                return;
            }
            ("message", "rfc822" | "global" | "global-headers") | ("text", "rfc822-headers")
                if inside == Inside::Report =>
            {
                self.reported = Some(bytes);
                return;
            }
            _ => {}
        }
        let is_attached = disposition.name == "attachment" || name.is_some();
        match content_type.type_pair() {
            ("text", "html") if !is_attached => self.html(&bytes, &content_type, inside, wanted),
            // Without a type, with half of one, and with parts that are not there, it is a text.
            ("text", "plain" | "") | ("" | "multipart", _) if !is_attached => {
                self.text(&bytes, &content_type, wanted);
            }
            ("text", _) if !is_attached && inside == Inside::Message => {
                self.text(&bytes, &content_type, wanted);
            }
            _ => self.attach(header, &content_type, name, bytes),
        }
    }

    fn text(&mut self, bytes: &[u8], content_type: &Value, wanted: Wanted<'_>) {
        let read = self.decoded(bytes, content_type, wanted);
        let is = |name: &str, value: &str| {
            content_type
                .plain(name)
                .is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let read = if is("format", "flowed") {
            text::unflowed(&read, is("delsp", "yes"))
        } else {
            read
        };
        let read = read.trim_end();
        if self.is_a_report() && self.said.is_none() && !read.is_empty() {
            self.said = Some(read.to_owned());
        }
        self.texts.push(read.to_owned());
    }

    fn html(&mut self, bytes: &[u8], content_type: &Value, inside: Inside, wanted: Wanted<'_>) {
        let declared = content_type.plain("charset").map(str::to_owned);
        let read = match declared.or_else(|| html::declared_charset(bytes)) {
            Some(declared) => self.decoded_as(bytes, Some(&declared), wanted),
            None => self.decoded_as(bytes, None, wanted),
        };
        // Beside a text it is another form of it; alone it is the text.
        let (html, words) = html::read(&read);
        if inside != Inside::Alternative && !self.texts.is_empty() {
            self.texts.push(words.clone());
        }
        self.htmls.push((html, words));
    }

    fn decoded(&mut self, bytes: &[u8], content_type: &Value, wanted: Wanted<'_>) -> String {
        self.decoded_as(bytes, content_type.plain("charset"), wanted)
    }

    fn decoded_as(&mut self, bytes: &[u8], declared: Option<&str>, wanted: Wanted<'_>) -> String {
        let bytes = bytes.get(..wanted.limits.text).unwrap_or(bytes);
        let chosen = wanted
            .charset
            .and_then(|chosen| charset::decode_with(bytes, declared, chosen));
        let decoded = chosen.unwrap_or_else(|| charset::decode(bytes, declared));
        let says_more = self
            .charset
            .as_ref()
            .is_none_or(|before| before.why == CharsetReason::Ascii);
        if says_more {
            self.charset = Some(decoded.decision);
        }
        text::clean(&decoded.text)
    }

    fn attach(&mut self, header: &Header<'_>, content_type: &Value, name: Option<String>, bytes: Vec<u8>) {
        let name = name.or_else(|| enclosed_name(content_type, &bytes));
        let content_id = header.get("content-id");
        self.attachments.push(Attachment {
            name,
            content_type: if content_type.name.is_empty() {
                "application/octet-stream".to_owned()
            } else {
                shown(&content_type.name)
            },
            content_id: content_id.map(|id| shown(id.trim_matches(['<', '>', ' ']))),
            bytes,
        });
    }
}

/// An enclosed message is named after its subject.
fn enclosed_name(content_type: &Value, bytes: &[u8]) -> Option<String> {
    const LENGTH_MAX: usize = 80;
    if content_type.type_pair().0 != "message" {
        return None;
    }
    let subject = Header::read(bytes).0.text("subject")?;
    let subject: String = subject.chars().take(LENGTH_MAX).collect();
    (!subject.is_empty()).then(|| format!("{subject}.eml"))
}
