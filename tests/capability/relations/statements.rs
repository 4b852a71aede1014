//! The statements that load related rows.

use super::{Comment, Post, Tag, User, blog, sent};

const POST: &str = r#""t1"."id", "t1"."title", "t1"."score", "t1"."author_id", "t1"."editor_id""#;

#[test]
fn children_are_found_by_a_list_of_keys() {
    let session = blog();
    let query = session.find::<User>().filter(User::ID.gt(1)).with(User::POSTS.filter(Post::TITLE.ne("x")));
    let (_, sent) = sent(|| query.all().unwrap());
    let load = format!(
        "WITH \"keys\" (\"row\", \"k1\") AS (VALUES (0, ?1), (1, ?2)) SELECT \"keys\".\"row\", {POST} FROM \"keys\" \
         JOIN \"main\".\"posts\" AS \"t1\" ON \"keys\".\"k1\" = \"t1\".\"author_id\" WHERE \"t1\".\"title\" <> ?3",
    );
    assert_eq!(sent, ["SELECT \"id\", \"name\" FROM \"main\".\"users\" WHERE \"id\" > ?1", &load]);
}

#[test]
fn a_linking_table_is_crossed_and_paths_are_joined() {
    let session = blog();
    let posts = Tag::POSTS.order_by(Post::AUTHOR.at(User::NAME).asc());
    let tag = session.get::<Tag>(2).unwrap().unwrap();
    let (_, sent) = sent(|| session.load(&[tag], posts).unwrap());
    let post = POST.replace("t1", "t2");
    assert_eq!(
        sent,
        [format!(
            "WITH \"keys\" (\"row\", \"k1\") AS (VALUES (0, ?1)) SELECT \"keys\".\"row\", {post} FROM \"keys\" JOIN \
             \"main\".\"post_tags\" AS \"t1\" ON \"keys\".\"k1\" = \"t1\".\"tag_id\" JOIN \"main\".\"posts\" AS \"t2\" \
             ON \"t2\".\"id\" = \"t1\".\"post_id\" LEFT JOIN \"main\".\"users\" AS \"t3\" ON \"t3\".\"id\" = \
             \"t2\".\"author_id\" ORDER BY \"t3\".\"name\"",
        )],
    );
}

#[test]
fn a_limit_for_each_parent_counts_the_rows_of_each_key() {
    let session = blog();
    let post = session.get::<Post>(1).unwrap().unwrap();
    let last = Post::COMMENTS.order_by(Comment::ID.desc()).limit(1);
    let (comments, sent) = sent(|| session.load(&[post], last).unwrap());
    assert_eq!(comments[0][0].text, "second");
    assert_eq!(
        sent,
        [
            "WITH \"keys\" (\"row\", \"k1\") AS (VALUES (0, ?1)) SELECT \"row\", \"c1\", \"c2\", \"c3\", \"c4\" FROM \
          (SELECT \"keys\".\"row\", \"t1\".\"id\" AS \"c1\", \"t1\".\"post_id\" AS \"c2\", \"t1\".\"parent_id\" AS \
          \"c3\", \"t1\".\"text\" AS \"c4\", row_number() OVER (PARTITION BY \"keys\".\"row\" ORDER BY \"t1\".\"id\" \
          DESC) AS \"number\" FROM \"keys\" JOIN \"main\".\"comments\" AS \"t1\" ON \"keys\".\"k1\" = \
          \"t1\".\"post_id\") AS \"rows\" WHERE \"number\" <= ?2 ORDER BY \"number\""
        ],
    );
}

#[test]
fn a_parent_is_joined_and_a_path_shares_its_join() {
    let session = blog();
    let query = session.find::<Post>().with(Post::AUTHOR).filter(Post::AUTHOR.at(User::NAME).eq("Ann"));
    let post = POST.replace("t1", "posts");
    assert_eq!(
        query.to_sql().sql,
        format!(
            "SELECT {post}, \"t1\".\"id\", \"t1\".\"name\" FROM \"main\".\"posts\" JOIN \"main\".\"users\" AS \
             \"t1\" ON \"t1\".\"id\" = \"posts\".\"author_id\" WHERE \"t1\".\"name\" = ?1",
        ),
    );
}
