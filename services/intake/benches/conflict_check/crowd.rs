//! The names of many firms' matters, put where the service keeps them.

use caseload_names::Name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::names::Names;
use crate::{FIRMS, MATTERS, NAMES};

/// What parts blocks in a text.
const PART: &str = "\u{1f}";

/// Fills in firms, matters and names, and answers the names.
pub(crate) async fn fill(connection: &mut PgConnection, names: &mut Names) -> Vec<String> {
    let firms: Vec<Uuid> = (0..FIRMS).map(|_| Uuid::now_v7()).collect();
    sqlx::query(
        "insert into firms (firm_id, code, display_name, legal_name, time_zone, currency, contact_email)
         select id, 'B' || at, 'Firm ' || at, '', 'UTC', 'USD', ''
         from unnest($1::uuid[]) with ordinality as f (id, at)",
    )
    .bind(&firms)
    .execute(&mut *connection)
    .await
    .unwrap();
    let mut crowd = Vec::with_capacity(MATTERS * NAMES);
    for some in (0..MATTERS).collect::<Vec<_>>().chunks(2_500) {
        let matters: Vec<(Uuid, Uuid)> = some
            .iter()
            .map(|at| (firms[at % FIRMS], Uuid::now_v7()))
            .collect();
        write_matters(connection, &matters).await;
        let parties: Vec<String> = (0..some.len() * NAMES).map(|_| names.party()).collect();
        write_names(connection, &matters, &parties).await;
        crowd.extend(parties);
    }
    sqlx::raw_sql("vacuum analyze conflict_names")
        .execute(connection)
        .await
        .unwrap();
    crowd
}

async fn write_matters(connection: &mut PgConnection, matters: &[(Uuid, Uuid)]) {
    let (firms, ids): (Vec<Uuid>, Vec<Uuid>) = matters.iter().copied().unzip();
    sqlx::query(
        "insert into matters (firm_id, matter_id, caption, client_display_name, client_matter_number, practice_area,
                              court, docket_number, jurisdiction, proceeding_key)
         select *, 'A matter', 'A client', '', 'Patent Law', '', '', '', '' from unnest($1::uuid[], $2::uuid[])",
    )
    .bind(firms)
    .bind(ids)
    .execute(connection)
    .await
    .unwrap();
}

/// Four names a matter: the client, who belongs to it, the opponent, and who belongs to that.
async fn write_names(connection: &mut PgConnection, matters: &[(Uuid, Uuid)], named: &[String]) {
    const ROLES: [(&str, &str); NAMES] = [
        ("client", "client"),
        ("client_affiliate", "client"),
        ("adverse", "adverse"),
        ("adverse_affiliate", "adverse"),
    ];
    let compared: Vec<Name> = named.iter().map(|name| Name::of(name).unwrap()).collect();
    let of_matter = |at: usize| matters[at / NAMES];
    let every = 0..named.len();
    sqlx::query(
        "insert into conflict_names (firm_id, matter_id, position, name, role, side, conflict_key, folded, blocks,
                                     matcher_version)
         select f, m, p, n, r, s, k, t, string_to_array(b, $10), 1
         from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[]) as u (f, m, p, n, r, s, k, t, b)",
    )
    .bind(every.clone().map(|at| of_matter(at).0).collect::<Vec<_>>())
    .bind(every.clone().map(|at| of_matter(at).1).collect::<Vec<_>>())
    .bind(every.clone().map(|at| i32::try_from(at % NAMES + 1).unwrap()).collect::<Vec<_>>())
    .bind(named)
    .bind(every.clone().map(|at| ROLES[at % NAMES].0.to_owned()).collect::<Vec<_>>())
    .bind(every.map(|at| ROLES[at % NAMES].1.to_owned()).collect::<Vec<_>>())
    .bind(compared.iter().map(|name| name.key().to_owned()).collect::<Vec<_>>())
    .bind(compared.iter().map(|name| name.text().to_owned()).collect::<Vec<_>>())
    .bind(compared.iter().map(|name| name.blocks().join(PART)).collect::<Vec<_>>())
    .bind(PART)
    .execute(connection)
    .await
    .unwrap();
}

/// How many there are, and how much room they and their indexes take.
pub(crate) async fn describe(connection: &mut PgConnection) -> String {
    sqlx::query_scalar(
        "select format('%s names of %s firms, %s distinct keys, %s blocks a name; table %s, indexes %s',
                       count(*), count(distinct firm_id), count(distinct conflict_key),
                       round(avg(cardinality(blocks)), 1),
                       pg_size_pretty(pg_relation_size('conflict_names')),
                       pg_size_pretty(pg_indexes_size('conflict_names')))
         from conflict_names",
    )
    .fetch_one(connection)
    .await
    .unwrap()
}
