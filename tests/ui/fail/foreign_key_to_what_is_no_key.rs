use orm_core::Model;

#[derive(Model)]
#[orm(unique(first, last), index(mail, unique), index(nick, unique, where = "nick <> ''"))]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    first: String,
    last: String,
    mail: String,
    nick: String,
}

#[derive(Model)]
#[orm(foreign_key(columns(last_id, first), references(User::LAST, User::FIRST)))]
#[orm(foreign_key(columns(first, mail_id), references(User::FIRST, User::MAIL)))]
struct Post {
    #[orm(primary_key)]
    id: i64,
    first: String,
    #[orm(references(User::LAST))]
    last_id: String,
    #[orm(references(User::MAIL))]
    mail_id: String,
    #[orm(references(User::NICK))]
    nick_id: String,
}

fn main() {}
