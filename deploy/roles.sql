-- Once per server, as the superuser:  psql -v owner_password=… -v app_password=… -f deploy/roles.sql
-- The owner changes the schema; the application reads and writes rows and owns nothing, so that
-- row-level security binds it. Neither may pass by it.
CREATE ROLE portal_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
  PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT
  PASSWORD :'app_password';
CREATE DATABASE portal OWNER portal_owner
  ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
ALTER ROLE portal_app IN DATABASE portal SET idle_in_transaction_session_timeout = '60s';
\connect portal
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal_app;
