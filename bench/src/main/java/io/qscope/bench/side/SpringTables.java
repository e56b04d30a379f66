package io.qscope.bench.side;

import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.Queries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;

/**
 * Spring Authorization Server's tables for PostgreSQL, as its scripts say they are to be changed for it, beside qscope's.
 */
final class SpringTables {

    private static final String FOLDER = "/org/springframework/security/oauth2/server/authorization/";

    private static final List<String> LOOKED_UP_BY = List.of(
            "state",
            "authorization_code_value",
            "access_token_value",
            "oidc_id_token_value",
            "refresh_token_value",
            "user_code_value",
            "device_code_value");

    private final DataSet data;

    private SpringTables(DataSet data) {
        this.data = data;
    }

    static SpringTables create(DataSet data) throws SQLException, IOException {
        try (Connection connection = data.connect()) {
            Queries.run(connection, script("oauth2-authorization-schema.sql").replace(" blob ", " text "));
            Queries.run(connection, script("client/oauth2-registered-client-schema.sql"));
            Queries.run(connection, "CREATE UNIQUE INDEX ON oauth2_registered_client (client_id)");
        }
        return new SpringTables(data);
    }

    private static String script(String name) throws IOException {
        try (InputStream in = OAuth2AuthorizationService.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("Spring Authorization Server has no " + FOLDER + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(" timestamp ", " timestamptz ");
        }
    }

    /**
     * Ends loading.
     *
     * @param indexed whether each column that tokens are looked up by gets an index, which the scripts lack
     */
    void finish(boolean indexed) throws SQLException {
        try (Connection connection = data.connect()) {
            for (String column : indexed ? LOOKED_UP_BY : List.<String>of()) {
                Queries.run(connection, "CREATE INDEX ON oauth2_authorization (" + column + ")");
            }
            Queries.run(connection, "VACUUM (ANALYZE) oauth2_authorization");
        }
    }

    /**
     * Copies a row that Spring saved.
     *
     * @param id of that row
     * @param first number of the copies
     * @param values of columns that differ, as SQL in which {@code n} is the copy's number
     */
    void copy(String id, long first, long count, Map<String, String> values) throws SQLException {
        try (Connection connection = data.connect();
                Statement statement = connection.createStatement()) {
            List<String> names = new ArrayList<>();
            try (ResultSet columns =
                    connection.getMetaData().getColumns(null, connection.getSchema(), "oauth2_authorization", null)) {
                while (columns.next()) {
                    names.add(columns.getString("COLUMN_NAME"));
                }
            }
            List<String> expressions = names.stream()
                    .map(name -> values.getOrDefault(name, "t." + name))
                    .toList();
            statement.execute("INSERT INTO oauth2_authorization (" + String.join(", ", names) + ") SELECT "
                    + String.join(", ", expressions) + " FROM oauth2_authorization t, generate_series("
                    + first + "::bigint, " + (first + count - 1) + "::bigint) n WHERE t.id = '" + id + "'");
        }
    }
}
