package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.RefreshTokens;
import java.sql.SQLException;

/** Codes and refresh tokens that a side uses up. */
final class Supplies {

    private final Operation operation;
    private final Codes codes;
    private final RefreshTokens refreshTokens;
    private final int families;

    Supplies(Operation operation, DataSet data, int families) {
        this.operation = operation;
        this.codes = new Codes(data);
        this.refreshTokens = new RefreshTokens(data);
        this.families = families;
    }

    /** For so many operations. */
    void fill(long operations) throws SQLException {
        switch (operation) {
            case REDEEM -> codes.fill(operations);
            case REFRESH -> refreshTokens.fill(families);
            case MIXED -> {
                codes.fill(Operation.redeemed(operations));
                refreshTokens.fill(families);
            }
            case LOOKUP, INSERT -> {}
        }
    }

    Codes codes() {
        return codes;
    }

    RefreshTokens refreshTokens() {
        return refreshTokens;
    }
}
