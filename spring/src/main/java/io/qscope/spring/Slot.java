package io.qscope.spring;

import io.qscope.model.Row;
import io.qscope.store.FamilyTable;
import io.qscope.store.Storage;
import io.qscope.store.TableName;

/** Of which rows an authorization of Spring's has one at a time. Its root names them, by these names. */
enum Slot {
    REQUEST("request", TableName.AUTHORIZATION_REQUESTS),
    CODE("code", TableName.AUTHORIZATION_CODES),
    ACCESS_TOKEN("access_token", TableName.ACCESS_TOKENS),
    REFRESH_TOKEN("refresh_token", TableName.REFRESH_TOKENS),
    ID_TOKEN("id_token", TableName.ID_TOKENS),
    DEVICE_CODE("device_code", TableName.DEVICE_CODES);

    private final String key;
    private final TableName tableName;

    Slot(String key, TableName tableName) {
        this.key = key;
        this.tableName = tableName;
    }

    /** What it is called in a root's attributes. */
    String key() {
        return key;
    }

    TableName tableName() {
        return tableName;
    }

    FamilyTable<? extends Row> table(Storage storage) {
        return switch (this) {
            case REQUEST -> storage.authorizationRequests();
            case CODE -> storage.authorizationCodes();
            case ACCESS_TOKEN -> storage.accessTokens();
            case REFRESH_TOKEN -> storage.refreshTokens();
            case ID_TOKEN -> storage.idTokens();
            case DEVICE_CODE -> storage.deviceCodes();
        };
    }
}
