package io.qscope.spring;

import io.qscope.model.Row;
import io.qscope.store.FamilyTable;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import java.util.function.Function;

/** Of which rows an authorization of Spring's has one at a time. Its root names them, by these names. */
enum Slot {
    REQUEST("request", TableName.AUTHORIZATION_REQUESTS, Storage::authorizationRequests),
    CODE("code", TableName.AUTHORIZATION_CODES, Storage::authorizationCodes),
    ACCESS_TOKEN("access_token", TableName.ACCESS_TOKENS, Storage::accessTokens),
    REFRESH_TOKEN("refresh_token", TableName.REFRESH_TOKENS, Storage::refreshTokens),
    ID_TOKEN("id_token", TableName.ID_TOKENS, Storage::idTokens),
    DEVICE_CODE("device_code", TableName.DEVICE_CODES, Storage::deviceCodes);

    private final String key;
    private final TableName tableName;
    private final Function<Storage, FamilyTable<? extends Row>> table;

    Slot(String key, TableName tableName, Function<Storage, FamilyTable<? extends Row>> table) {
        this.key = key;
        this.tableName = tableName;
        this.table = table;
    }

    /** What it is called in a root's attributes. */
    String key() {
        return key;
    }

    TableName tableName() {
        return tableName;
    }

    FamilyTable<? extends Row> table(Storage storage) {
        return table.apply(storage);
    }
}
