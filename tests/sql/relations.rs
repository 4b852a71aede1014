//! Relations beside their SQL.

use orm_core::{Engine, Filter, Hooks, Model, Query, Result, Session, Shape, func};

use crate::postgres::Postgres;

#[derive(Debug, Model)]
#[orm(table = "users", has_many(posts: Post::AUTHOR, reports: User::BOSS))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    #[orm(references = User)]
    boss_id: Option<i64>,
}

#[derive(Debug, Model)]
#[orm(table = "posts", many_to_many(tags: Tag through PostTag::POST, PostTag::TAG_ROW))]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    title: String,
    #[orm(references = User)]
    author_id: i64,
}

#[derive(Debug, Model)]
#[orm(table = "tags")]
struct Tag {
    #[orm(primary_key)]
    name: String,
}

#[derive(Debug, Model)]
#[orm(table = "post_tags", primary_key(post_id, tag))]
struct PostTag {
    #[orm(references = Post)]
    post_id: i64,
    #[orm(references = Tag, as = "tag_row")]
    tag: String,
}

#[derive(Debug, Model)]
#[orm(table = "t1", hooks)]
struct Hidden {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Hidden)]
    next_id: Option<i64>,
    #[orm(deleted_at)]
    gone: Option<String>,
}

impl Hooks for Hidden {
    fn scope(_: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::ID.gt(0).or(Self::ID.lt(-9))))
    }
}

fn session() -> Session {
    Engine::open_in_memory().unwrap().session().unwrap()
}

#[track_caller]
fn assert_select<M: Model, S: Shape>(query: &Query<'_, M, S>, expected: &str) {
    assert_eq!(query.to_sql().sql, expected);
}

#[test]
fn a_path_joins_its_table_once_and_removes_no_row() {
    let session = session();
    let query = session
        .find::<Post>()
        .filter(Post::AUTHOR.at(User::NAME).eq("Ann"))
        .filter(Post::AUTHOR.at(User::ID.gt(3)))
        .order_by(Post::AUTHOR.at(User::NAME).desc())
        .select((Post::TITLE, Post::AUTHOR.at(User::NAME)));
    assert_select(
        &query,
        "SELECT \"posts\".\"title\", \"t1\".\"name\" FROM \"main\".\"posts\" LEFT JOIN \"main\".\"users\" AS \"t1\" \
         ON \"t1\".\"id\" = \"posts\".\"author_id\" WHERE \"t1\".\"name\" = ?1 AND \"t1\".\"id\" > ?2 \
         ORDER BY \"t1\".\"name\" DESC",
    );
    assert_eq!(
        query.to_sql_in(&Postgres).unwrap().sql,
        "SELECT \"posts\".\"title\", \"t1\".\"name\" FROM \"public\".\"posts\" LEFT JOIN \"public\".\"users\" AS \"t1\" \
         ON \"t1\".\"id\" = \"posts\".\"author_id\" WHERE \"t1\".\"name\" = $1 AND \"t1\".\"id\" > $2 \
         ORDER BY \"t1\".\"name\" DESC",
    );
}

#[test]
fn a_path_leads_through_several_relations_and_back_to_the_same_table() {
    let session = session();
    let boss = Post::AUTHOR.at(User::BOSS.at(User::NAME));
    let query = session
        .find::<Post>()
        .filter(boss.clone().ne("Ann"))
        .filter(Post::AUTHOR.at(User::NAME).eq(boss))
        .select(Post::ID);
    assert_select(
        &query,
        "SELECT \"posts\".\"id\" FROM \"main\".\"posts\" LEFT JOIN \"main\".\"users\" AS \"t1\" ON \"t1\".\"id\" = \
         \"posts\".\"author_id\" LEFT JOIN \"main\".\"users\" AS \"t2\" ON \"t2\".\"id\" = \"t1\".\"boss_id\" \
         WHERE \"t2\".\"name\" IS NOT ?1 AND \"t1\".\"name\" IS \"t2\".\"name\"",
    );
}

#[test]
fn a_group_is_made_of_what_a_path_leads_to() {
    let session = session();
    let name = || Post::AUTHOR.at(User::NAME);
    assert_select(
        &session.find::<Post>().group_by(name()).having(func::count().gt(1)).select((name(), func::count())),
        "SELECT \"t1\".\"name\", count(*) FROM \"main\".\"posts\" LEFT JOIN \"main\".\"users\" AS \"t1\" ON \
         \"t1\".\"id\" = \"posts\".\"author_id\" GROUP BY \"t1\".\"name\" HAVING count(*) > ?1",
    );
}

#[test]
fn existence_is_asked_in_a_sub_query_whose_names_are_its_own() {
    let session = session();
    let find = || session.find::<User>();
    assert_select(
        &find().filter(User::POSTS.any(Post::TITLE.like("Rust%"))).select(User::ID),
        "SELECT \"users\".\"id\" FROM \"main\".\"users\" WHERE EXISTS (SELECT 1 FROM \"main\".\"posts\" AS \"t1\" \
         WHERE \"users\".\"id\" = \"t1\".\"author_id\" AND \"t1\".\"title\" LIKE ?1)",
    );
    assert_select(
        &find().filter(User::POSTS.none(Post::ID.gt(1).or(Post::ID.lt(0)))).select(User::ID),
        "SELECT \"users\".\"id\" FROM \"main\".\"users\" WHERE NOT EXISTS (SELECT 1 FROM \"main\".\"posts\" AS \"t1\" \
         WHERE \"users\".\"id\" = \"t1\".\"author_id\" AND (\"t1\".\"id\" > ?1 OR \"t1\".\"id\" < ?2))",
    );
    assert_select(
        &find().filter(User::POSTS.all(Post::TITLE.eq("a"))).select(User::ID),
        "SELECT \"users\".\"id\" FROM \"main\".\"users\" WHERE NOT EXISTS (SELECT 1 FROM \"main\".\"posts\" AS \"t1\" \
         WHERE \"users\".\"id\" = \"t1\".\"author_id\" AND (\"t1\".\"title\" = ?1) = 0)",
    );
    assert_select(
        &find().filter(User::REPORTS.any(User::BOSS.at(User::NAME).eq("Ann"))).select(User::ID),
        "SELECT \"users\".\"id\" FROM \"main\".\"users\" WHERE EXISTS (SELECT 1 FROM \"main\".\"users\" AS \"t1\" \
         LEFT JOIN \"main\".\"users\" AS \"t2\" ON \"t2\".\"id\" = \"t1\".\"boss_id\" \
         WHERE \"users\".\"id\" = \"t1\".\"boss_id\" AND \"t2\".\"name\" = ?1)",
    );
}

#[test]
fn a_count_is_a_value_and_a_linking_table_is_crossed() {
    let session = session();
    assert_select(
        &session.find::<User>().order_by(User::POSTS.count().desc()).select(User::POSTS.count() + 1),
        "SELECT (SELECT count(*) FROM \"main\".\"posts\" AS \"t1\" WHERE \"users\".\"id\" = \"t1\".\"author_id\") + ?1 \
         FROM \"main\".\"users\" ORDER BY (SELECT count(*) FROM \"main\".\"posts\" AS \"t2\" WHERE \"users\".\"id\" = \
         \"t2\".\"author_id\") DESC",
    );
    assert_select(
        &session.find::<Post>().filter(Post::TAGS.any(Tag::NAME.eq("rust"))).select(Post::ID),
        "SELECT \"posts\".\"id\" FROM \"main\".\"posts\" WHERE EXISTS (SELECT 1 FROM \"main\".\"post_tags\" AS \"t1\" \
         JOIN \"main\".\"tags\" AS \"t2\" ON \"t2\".\"name\" = \"t1\".\"tag\" WHERE \"posts\".\"id\" = \
         \"t1\".\"post_id\" AND \"t2\".\"name\" = ?1)",
    );
    assert_select(
        &session.find::<Post>().filter(Post::AUTHOR.at(User::POSTS.count()).gt(1)).select(Post::ID),
        "SELECT \"posts\".\"id\" FROM \"main\".\"posts\" LEFT JOIN \"main\".\"users\" AS \"t1\" ON \"t1\".\"id\" = \
         \"posts\".\"author_id\" WHERE (SELECT count(*) FROM \"main\".\"posts\" AS \"t2\" WHERE \"t1\".\"id\" = \
         \"t2\".\"author_id\") > ?1",
    );
}

#[test]
fn a_left_join_keeps_its_filter_beside_the_join() {
    let session = session();
    assert_select(
        &session
            .find::<User>()
            .left_join(User::POSTS.filter(Post::TITLE.ne("x")).order_by(Post::ID.desc()))
            .order_by(User::ID.asc()),
        "SELECT \"users\".\"id\", \"users\".\"name\", \"users\".\"boss_id\", \"t1\".\"id\", \"t1\".\"title\", \
         \"t1\".\"author_id\" FROM \"main\".\"users\" LEFT JOIN \"main\".\"posts\" AS \"t1\" ON \"users\".\"id\" = \
         \"t1\".\"author_id\" AND \"t1\".\"title\" <> ?1 ORDER BY \"users\".\"id\", \"t1\".\"id\" DESC",
    );
    assert_select(
        &session.find::<Post>().join(Post::AUTHOR).filter(Post::AUTHOR.at(User::ID).eq(1)).select(Post::ID),
        "SELECT \"posts\".\"id\" FROM \"main\".\"posts\" JOIN \"main\".\"users\" AS \"t1\" ON \"t1\".\"id\" = \
         \"posts\".\"author_id\" WHERE \"t1\".\"id\" = ?1",
    );
    assert_select(
        &session.find::<User>().left_join(User::POSTS.limit(1)),
        "-- a join knows no limit for each row: use `with`",
    );
}

#[test]
fn a_join_over_a_linking_table_joins_both() {
    let session = session();
    let posts = || session.find::<Post>().order_by(Post::ID.asc());
    let link = "\"main\".\"post_tags\" AS \"t1\" ON \"posts\".\"id\" = \"t1\".\"post_id\"";
    let tag = "\"main\".\"tags\" AS \"t2\" ON \"t2\".\"name\" = \"t1\".\"tag\"";
    let select = "SELECT \"posts\".\"id\", \"posts\".\"title\", \"posts\".\"author_id\", \"t2\".\"name\" FROM \"main\".\"posts\"";
    let order = "ORDER BY \"posts\".\"id\", \"t2\".\"name\" DESC";
    let tags = || Post::TAGS.order_by(Tag::NAME.desc());
    assert_select(
        &posts().join(tags().filter(Tag::NAME.ne("x"))),
        &format!("{select} JOIN {link} JOIN {tag} AND \"t2\".\"name\" <> ?1 {order}"),
    );
    assert_select(&posts().left_join(tags()), &format!("{select} LEFT JOIN {link} LEFT JOIN {tag} {order}"));
    // a link to what the condition leaves out is no partner
    let leads = "EXISTS (SELECT 1 FROM \"main\".\"tags\" AS \"t3\" WHERE \"t3\".\"name\" = \"t1\".\"tag\" AND \"t3\".\"name\" <> ?1)";
    assert_select(
        &posts().left_join(tags().filter(Tag::NAME.ne("x"))),
        &format!("{select} LEFT JOIN {link} AND {leads} LEFT JOIN {tag} {order}"),
    );
}

#[test]
fn a_relation_named_twice_is_joined_once_where_it_means_the_same() {
    let session = session();
    let boss = || User::BOSS.at(User::NAME);
    assert_select(
        &session.find::<User>().with(User::BOSS).filter(boss().ne("x")).order_by(boss().asc()),
        "SELECT \"users\".\"id\", \"users\".\"name\", \"users\".\"boss_id\", \"t1\".\"id\", \"t1\".\"name\", \
         \"t1\".\"boss_id\" FROM \"main\".\"users\" LEFT JOIN \"main\".\"users\" AS \"t1\" ON \"t1\".\"id\" = \
         \"users\".\"boss_id\" WHERE \"t1\".\"name\" IS NOT ?1 ORDER BY \"t1\".\"name\"",
    );
    // two conditions on children are two joins
    assert_select(
        &session
            .find::<User>()
            .left_join(User::POSTS.filter(Post::TITLE.eq("a")))
            .left_join(User::POSTS.filter(Post::TITLE.eq("b")))
            .select(User::ID),
        "SELECT \"users\".\"id\" FROM \"main\".\"users\" LEFT JOIN \"main\".\"posts\" AS \"t1\" ON \"users\".\"id\" = \
         \"t1\".\"author_id\" AND \"t1\".\"title\" = ?1 LEFT JOIN \"main\".\"posts\" AS \"t2\" ON \"users\".\"id\" = \
         \"t2\".\"author_id\" AND \"t2\".\"title\" = ?2",
    );
}

#[test]
fn scopes_and_marks_of_deletion_apply_wherever_a_relation_leads() {
    let session = session();
    // the query's own table is called like the first alias
    assert_select(
        &session.find::<Hidden>().unscoped().filter(Hidden::NEXT.at(Hidden::ID).eq(1)).select(Hidden::ID),
        "SELECT \"t1\".\"id\" FROM \"main\".\"t1\" LEFT JOIN \"main\".\"t1\" AS \"t2\" ON \"t2\".\"id\" = \
         \"t1\".\"next_id\" AND \"t2\".\"gone\" IS NULL AND (\"t2\".\"id\" > ?1 OR \"t2\".\"id\" < ?2) \
         WHERE \"t2\".\"id\" = ?3 AND \"t1\".\"gone\" IS NULL",
    );
}

#[test]
fn a_fragment_does_not_go_through_a_relation() {
    let session = session();
    assert_select(
        &session.find::<Post>().filter(Post::AUTHOR.at(orm_core::sql::<bool, User>("name = 'x'", ()))),
        "-- an SQL fragment, or `excluded`, names columns of its own table: leave it out of what a relation leads to",
    );
}
