package io.qscope.sql;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.store.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Family} by one statement, as one row: its root, and of each kind the columns of the row that counts, or nulls. */
final class SqlFamily {

    static final Member<AuthorizationRequest> REQUEST = new Member<>(
            TableName.AUTHORIZATION_REQUESTS,
            "q",
            SqlAuthorizationRequestTable.COLUMNS,
            " AND x.consumed_at IS NULL",
            SqlAuthorizationRequestTable::read);

    static final Member<AuthorizationCode> CODE = new Member<>(
            TableName.AUTHORIZATION_CODES, "c", SqlAuthorizationCodeTable.COLUMNS, "", SqlAuthorizationCodeTable::read);

    static final Member<DeviceCode> DEVICE_CODE =
            new Member<>(TableName.DEVICE_CODES, "d", SqlDeviceCodeTable.COLUMNS, "", SqlDeviceCodeTable::read);

    static final Member<AccessToken> ACCESS_TOKEN =
            new Member<>(TableName.ACCESS_TOKENS, "a", SqlAccessTokenTable.COLUMNS, "", SqlAccessTokenTable::read);

    static final Member<RefreshToken> REFRESH_TOKEN = new Member<>(
            TableName.REFRESH_TOKENS,
            "f",
            SqlRefreshTokenTable.COLUMNS,
            " AND x.rotated_at IS NULL",
            SqlRefreshTokenTable::read);

    static final Member<IdToken> ID_TOKEN =
            new Member<>(TableName.ID_TOKENS, "i", SqlIdTokenTable.COLUMNS, "", SqlIdTokenTable::read);

    private static final List<Member<?>> ALL =
            List.of(REQUEST, CODE, DEVICE_CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN);

    private static final String ROOT = "oauth_authorizations r";

    private SqlFamily() {}

    /**
     * A kind of row that a family has.
     *
     * @param alias its table's in the statement
     * @param columns of the row {@code t} with its root {@code r}, in the order in which they are read
     * @param width how many columns those are
     * @param counts what else a row {@code x} has to be, to count
     */
    record Member<T extends Row>(
            TableName table, String alias, String columns, int width, String counts, Function<SqlValues, T> reader) {

        Member(TableName table, String alias, String columns, String counts, Function<SqlValues, T> reader) {
            this(table, alias, columns, columns.split(",", -1).length, counts, reader);
        }

        /** Nothing is there where the first column, the id, is null. */
        @Nullable
        T read(SqlValues values) {
            return values.isAbsent(width) ? null : reader.apply(values);
        }

        private String selected() {
            return columns.replaceAll("\\bt\\.", alias + ".");
        }

        private String asked() {
            return table + " " + alias + " JOIN " + ROOT + " ON r.id = " + alias + ".authorization_id";
        }

        private String joined() {
            return " LEFT JOIN " + SqlDialect.THE_ONE + " " + table + " " + alias + " ON " + alias
                    + ".id = (SELECT x.id FROM " + table
                    + " x WHERE x.authorization_id = r.id" + counts
                    + " ORDER BY x.created_at DESC, x.id DESC LIMIT 1)";
        }
    }

    /** The family of the row whose column is $1. */
    static String by(Member<?> asked, String column) {
        return select() + asked.asked() + others(asked) + " WHERE " + asked.alias + "." + column + " = $1";
    }

    /** The family of the root whose id is $1. */
    static String byRoot() {
        return select() + ROOT + others(null) + " WHERE r.id = $1";
    }

    private static String select() {
        return ALL.stream()
                .map(Member::selected)
                .collect(Collectors.joining(", ", "SELECT " + root() + ", ", " FROM "));
    }

    private static String root() {
        return Arrays.stream(SqlAuthorizationTable.COLUMNS.split(",", -1))
                .map(column -> "r." + column.strip())
                .collect(Collectors.joining(", "));
    }

    private static String others(@Nullable Member<?> asked) {
        return ALL.stream()
                .filter(member -> !member.equals(asked))
                .map(Member::joined)
                .collect(Collectors.joining());
    }

    static Family map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return new Family(
                SqlAuthorizationTable.read(values),
                REQUEST.read(values),
                CODE.read(values),
                DEVICE_CODE.read(values),
                ACCESS_TOKEN.read(values),
                REFRESH_TOKEN.read(values),
                ID_TOKEN.read(values));
    }
}
