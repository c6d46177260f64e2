//! PostgreSQL for Caseload: pool, migrations, firm-scoped transactions, retries, paging, the private local server.
