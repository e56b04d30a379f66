package io.qscope.bench.side;

import com.zaxxer.hikari.HikariDataSource;
import io.qscope.bench.data.DataSet;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.client.JdbcRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** Spring Authorization Server's own JDBC storage. Rows are copied from one of each kind that it saved itself. */
public final class SpringJdbc extends SpringStorage {

    private static final String OF_CODES = "template-of-codes";
    private static final String OF_TOKENS = "template-of-tokens";

    /** Random, as those that Spring makes. */
    private static final String ID = "gen_random_uuid()::text";

    private static final String USER = "'user-' || n";

    private final HikariDataSource pool;
    private final SpringTables tables;
    private final RegisteredClient client;

    private SpringJdbc(
            HikariDataSource pool,
            SpringTables tables,
            JdbcOAuth2AuthorizationService authorizations,
            RegisteredClient client,
            int rows) {
        super(authorizations, rows);
        this.pool = pool;
        this.tables = tables;
        this.client = client;
    }

    /**
     * Its tables beside qscope's, with as many authorizations as qscope has access tokens, and some for refreshing.
     *
     * @param callers at most; each takes a second connection while it holds the first, so the pool has twice as many and more
     * @param indexed whether each column that it looks tokens up by gets an index, which its own scripts do not give them
     */
    public static SpringJdbc on(DataSet data, int callers, boolean indexed) throws SQLException, IOException {
        SpringTables tables = SpringTables.create(data);
        HikariDataSource pool = Pool.of(data, 2 * callers + 2);
        try {
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            JdbcRegisteredClientRepository clients = new JdbcRegisteredClientRepository(jdbc);
            RegisteredClient client = newClient();
            clients.save(client);
            JdbcOAuth2AuthorizationService authorizations = new JdbcOAuth2AuthorizationService(jdbc, clients);
            OAuth2Authorization unredeemed = unredeemed(client, OF_CODES, "user", "template");
            authorizations.save(unredeemed);
            authorizations.save(redeemed(
                    OAuth2Authorization.from(unredeemed).id(OF_TOKENS).build(),
                    Objects.requireNonNull(unredeemed.getToken(OAuth2AuthorizationCode.class))
                            .getToken(),
                    accessToken("template"),
                    refreshToken("template")));
            SpringJdbc spring = new SpringJdbc(
                    pool, tables, authorizations, client, data.sample().rows());
            spring.load(data.sample().rows(), indexed);
            return spring;
        } catch (SQLException | RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private void load(int rows, boolean indexed) throws SQLException {
        long families = families(rows);
        tables.copy(
                OF_TOKENS,
                0,
                rows + families,
                Map.of(
                        "id", ID,
                        "principal_name", USER,
                        "authorization_code_value", numbered(usedCodeValue(0)),
                        "access_token_value", numbered(accessValue(0)),
                        "refresh_token_value", numbered(refreshValue(0))));
        tables.finish(indexed);
        refreshFrom(rows, families);
    }

    /** Of the value with the number 0, that with the number {@code n}, as SQL. */
    private static String numbered(String zeroth) {
        return "'" + zeroth.substring(0, zeroth.length() - 1) + "' || n";
    }

    @Override
    RegisteredClient client() {
        return client;
    }

    @Override
    void addCodes(long first, long count) throws SQLException {
        tables.copy(
                OF_CODES,
                first,
                count,
                Map.of("id", ID, "principal_name", USER, "authorization_code_value", numbered(codeValue(0))));
    }

    @Override
    public void close() {
        pool.close();
    }
}
