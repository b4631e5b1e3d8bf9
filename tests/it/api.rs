//! What the judge answers, table by table. Every row names the fact that it follows from; every
//! request is told as a user writes it, in the API's own words.

mod anything;
mod encryption;
mod facts;
mod order;
mod parameters;
mod routes;
mod sources;
mod tokens;
mod world;
