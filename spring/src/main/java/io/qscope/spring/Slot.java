package io.qscope.spring;

import io.qscope.model.Family;
import io.qscope.model.Row;
import io.qscope.store.TableName;
import org.jspecify.annotations.Nullable;

/** Of which rows an authorization of Spring's has one at a time. */
enum Slot {
    REQUEST(TableName.AUTHORIZATION_REQUESTS),
    CODE(TableName.AUTHORIZATION_CODES),
    ACCESS_TOKEN(TableName.ACCESS_TOKENS),
    REFRESH_TOKEN(TableName.REFRESH_TOKENS),
    ID_TOKEN(TableName.ID_TOKENS),
    DEVICE_CODE(TableName.DEVICE_CODES);

    private final TableName tableName;

    Slot(TableName tableName) {
        this.tableName = tableName;
    }

    TableName tableName() {
        return tableName;
    }

    /** A family's row. */
    @Nullable
    Row of(Family family) {
        return switch (this) {
            case REQUEST -> family.request();
            case CODE -> family.code();
            case ACCESS_TOKEN -> family.accessToken();
            case REFRESH_TOKEN -> family.refreshToken();
            case ID_TOKEN -> family.idToken();
            case DEVICE_CODE -> family.deviceCode();
        };
    }
}
