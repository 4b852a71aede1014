//! More keys than SQLite has parameters for: every form of loading takes one statement for them still.

use orm_core::{Engine, Model};

use super::counted;

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    primary_key(kind, number),
    foreign_key(columns(parent_kind, parent_number), references = Node, as = "parent"),
    has_many(children: Node::PARENT),
    many_to_many(others: Node through Edge::NEAR, Edge::FAR)
)]
struct Node {
    kind: String,
    number: i64,
    parent_kind: Option<String>,
    parent_number: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(
    foreign_key(columns(near_kind, near_number), references = Node, as = "near"),
    foreign_key(columns(far_kind, far_number), references = Node, as = "far"),
    index(near_kind, near_number)
)]
struct Edge {
    #[orm(primary_key, auto)]
    id: i64,
    near_kind: String,
    near_number: i64,
    far_kind: String,
    far_number: i64,
}

/// A node with its parent, and its children with what they are linked with.
type Row = (Node, Option<Node>, Vec<(Node, Vec<Node>)>);

/// Two parameters each.
const MANY: i64 = 20_000;

/// With a quote, which a literal has to double.
const KIND: &str = "it's";

#[test]
fn every_form_of_loading_takes_one_statement() {
    let engine = Engine::open_in_memory().unwrap();
    engine.migrate(&[Node::TABLE, Edge::TABLE]).unwrap();
    let session = engine.session().unwrap();
    let mut nodes: Vec<Node> = (0..MANY)
        .map(|number| {
            let parent = number.checked_sub(1).filter(|parent| *parent >= 0);
            Node {
                kind: KIND.into(),
                number,
                parent_kind: parent.map(|_| KIND.into()),
                parent_number: parent,
            }
        })
        .collect();
    session.insert_all(&mut nodes).unwrap();
    let mut edges: Vec<Edge> = (0..MANY)
        .map(|number| Edge {
            id: 0,
            near_kind: KIND.into(),
            near_number: number,
            far_kind: KIND.into(),
            far_number: MANY - 1 - number,
        })
        .collect();
    session.insert_all(&mut edges).unwrap();

    let number = |node: Option<&Node>| node.map(|node| node.number);
    let before = |at: i64| (at > 0).then_some(at - 1);
    let behind = |at: i64| (at + 1 < MANY).then_some(at + 1);

    let (children, statements) = counted(|| session.load(&nodes, Node::CHILDREN).unwrap());
    assert!((0..).zip(&children).all(|(at, it)| number(it.first()) == behind(at) && it.len() < 2));
    assert_eq!((children.len(), statements), (nodes.len(), 1));

    let (parents, statements) = counted(|| session.load(&nodes, Node::PARENT).unwrap());
    assert!((0..).zip(&parents).all(|(at, it)| number(it.as_ref()) == before(at)));
    assert_eq!((parents.len(), statements), (nodes.len(), 1));

    let first = Node::OTHERS.order_by(Node::NUMBER.asc()).limit(1);
    let (others, statements) = counted(|| session.load(&nodes, first).unwrap());
    assert!((0..).zip(&others).all(|(at, it)| number(it.first()) == Some(MANY - 1 - at)));
    assert_eq!((others.len(), statements), (nodes.len(), 1));

    let all = session.find::<Node>().order_by(Node::NUMBER.asc());
    let nested = all.with(Node::PARENT).with(Node::CHILDREN.with(Node::OTHERS));
    let (rows, statements) = counted(|| nested.all().unwrap());
    let expected = |at| (before(at), behind(at), behind(at).map(|child| MANY - 1 - child));
    let fits = |(at, (_, parent, children)): (i64, &Row)| {
        let child = children.first();
        let other = child.and_then(|(_, others)| others.first());
        (number(parent.as_ref()), number(child.map(|(child, _)| child)), number(other)) == expected(at)
    };
    assert!((0..).zip(&rows).all(fits));
    assert_eq!((rows.len(), statements), (nodes.len(), 3));
}
