use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One file, as what the rules look at.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Below the crate's `src`, with `/`.
    pub(super) file: String,
    /// The paths that begin with `crate`, `self` or `super`, made absolute: `["session", "Raw"]`.
    pub(super) paths: Vec<Found<Vec<String>>>,
    /// The identifiers that are no methods and no fields.
    pub(super) names: Vec<Found<String>>,
    /// The string literals outside tests and attributes (documentation is an attribute), as they are written.
    pub(super) texts: Vec<Found<String>>,
}

/// Something and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<T> {
    pub(super) line: usize,
    pub(super) what: T,
}

impl Source {
    pub(super) fn parse(file: &Path, text: &str) -> Self {
        let file = file.to_str().unwrap().replace('\\', "/");
        let module = module_of(&file);
        let in_test = module.iter().any(|name| name == "tests");
        let mut tokens = Vec::new();
        flatten(text.parse().unwrap(), &Place { module, in_test, in_attribute: false }, &mut tokens);
        let paths = (0..tokens.len()).flat_map(|at| paths_at(&tokens, at)).collect();
        let names = (0..tokens.len()).filter_map(|at| name_at(&tokens, at)).collect();
        let texts = tokens.iter().filter_map(text_of).collect();
        Self { file, paths, names, texts }
    }

    /// The module directly below the crate's root, or `lib` for the root itself.
    pub(super) fn room(&self) -> String {
        module_of(&self.file).first().map_or_else(|| "lib".to_owned(), Clone::clone)
    }

    /// Where something stands, for a message.
    pub(super) fn at<T>(&self, found: &Found<T>) -> String {
        format!("{}:{}", self.file, found.line)
    }
}

/// `session/raw.rs` is `session::raw`, `session/mod.rs` is `session`, and `lib.rs` is the root.
fn module_of(file: &str) -> Vec<String> {
    let mut module: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        module.pop();
    }
    if let Some(first) = module.first_mut().filter(|first| *first == "private") {
        // the name that its `mod` line gives it
        "__private".clone_into(first);
    }
    module
}

#[derive(Clone)]
struct Place {
    module: Vec<String>,
    in_test: bool,
    in_attribute: bool,
}

struct Token {
    /// An identifier, a literal, a bracket, or punctuation, with `::` in one piece.
    text: String,
    line: usize,
    place: Place,
}

/// Writes nested groups as one list, in which every token knows the module it stands in.
fn flatten(stream: TokenStream, place: &Place, out: &mut Vec<Token>) {
    let mut attributes = String::new();
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let inner = inner_place(group.delimiter(), place, out, &attributes);
                if inner.in_attribute && !place.in_attribute {
                    attributes.push_str(&group.stream().to_string());
                } else if group.delimiter() == Delimiter::Brace {
                    attributes.clear();
                }
                let (open, close) = brackets(group.delimiter());
                out.push(Token { text: open.to_owned(), line, place: place.clone() });
                flatten(group.stream(), &inner, out);
                out.push(Token { text: close.to_owned(), line, place: place.clone() });
            }
            TokenTree::Punct(punct) => {
                if punct.as_char() == ';' {
                    attributes.clear();
                }
                push_punct(punct.as_char(), line, place, out);
            }
            TokenTree::Ident(name) => {
                out.push(Token { text: name.to_string(), line, place: place.clone() });
            }
            TokenTree::Literal(literal) => {
                out.push(Token { text: literal.to_string(), line, place: place.clone() });
            }
        }
    }
}

/// Where the tokens of a group stand: in an attribute, in a module, or where the group does.
fn inner_place(delimiter: Delimiter, place: &Place, before: &[Token], attributes: &str) -> Place {
    let mut inner = place.clone();
    let last = |back: usize| before.len().checked_sub(back).map_or("", |at| before[at].text.as_str());
    match delimiter {
        Delimiter::Bracket if last(1) == "#" || (last(1) == "!" && last(2) == "#") => {
            inner.in_attribute = true;
        }
        Delimiter::Brace if last(2) == "mod" => {
            inner.module.push(last(1).to_owned());
            inner.in_test |= attributes.replace(' ', "").contains("cfg(test)");
        }
        Delimiter::Brace | Delimiter::Bracket | Delimiter::Parenthesis | Delimiter::None => {}
    }
    inner
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

fn push_punct(punct: char, line: usize, place: &Place, out: &mut Vec<Token>) {
    match out.last_mut() {
        Some(last) if punct == ':' && last.text == ":" => last.text.push(':'),
        _ => out.push(Token { text: punct.to_string(), line, place: place.clone() }),
    }
}

/// The paths of the module tree that begin at a token: several where it has braces.
fn paths_at(tokens: &[Token], at: usize) -> Vec<Found<Vec<String>>> {
    let starts = matches!(tokens[at].text.as_str(), "crate" | "self" | "super")
        && tokens.get(at + 1).is_some_and(|next| next.text == "::")
        && (at == 0 || tokens[at - 1].text != "::");
    if !starts {
        return Vec::new();
    }
    let mut leaves = Vec::new();
    read_tree(tokens, at, &mut Vec::new(), &mut leaves);
    leaves
        .iter()
        .map(|leaf| Found { line: tokens[at].line, what: absolute(&tokens[at].place, leaf) })
        .collect()
}

/// Reads `a::b`, `a::{b, c::d}` or `a::*`; gives the token behind it.
fn read_tree(tokens: &[Token], at: usize, path: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) -> usize {
    let Some(token) = tokens.get(at) else { return at };
    if token.text == "{" {
        return read_braces(tokens, at + 1, path, leaves);
    }
    if token.text != "*" && !is_name(&token.text) {
        // `path::<T>()`: what is before is the path
        leaves.push(path.clone());
        return at + 1;
    }
    path.push(token.text.clone());
    let mut end = at + 1;
    if tokens.get(end).is_some_and(|next| next.text == "::") {
        end = read_tree(tokens, end + 1, path, leaves);
    } else {
        leaves.push(path.clone());
    }
    path.pop();
    end
}

fn read_braces(
    tokens: &[Token],
    mut at: usize,
    path: &mut Vec<String>,
    leaves: &mut Vec<Vec<String>>,
) -> usize {
    while tokens.get(at).is_some_and(|token| token.text != "}") {
        at = read_tree(tokens, at, path, leaves);
        // `as name,`
        while tokens.get(at).is_some_and(|token| token.text != "," && token.text != "}") {
            at += 1;
        }
        at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
    }
    at + 1
}

/// The path from the crate's root.
fn absolute(place: &Place, path: &[String]) -> Vec<String> {
    let mut absolute = match path[0].as_str() {
        "crate" => Vec::new(),
        _ => place.module.clone(),
    };
    for segment in path {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => {
                absolute.pop();
            }
            name => absolute.push(name.to_owned()),
        }
    }
    absolute
}

fn name_at(tokens: &[Token], at: usize) -> Option<Found<String>> {
    let token = &tokens[at];
    let is_member = at > 0 && tokens[at - 1].text == ".";
    let counts = is_name(&token.text) && !is_member && !token.place.in_attribute;
    counts.then(|| Found { line: token.line, what: token.text.clone() })
}

fn text_of(token: &Token) -> Option<Found<String>> {
    let is_text = !is_name(&token.text) && token.text.contains('"') && token.text.len() > 1;
    let counts = is_text && !token.place.in_attribute && !token.place.in_test;
    counts.then(|| Found { line: token.line, what: token.text.clone() })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_') && !text.contains('"')
}
