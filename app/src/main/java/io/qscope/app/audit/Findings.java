package io.qscope.app.audit;

import io.qscope.audit.AuditFinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Findings as the commands show them. */
final class Findings {

    /** The columns of a table of them. */
    static final String[] COLUMNS = {"kind", "chain", "sequence", "entry_id", "words"};

    private Findings() {}

    /** A row each. */
    static List<Map<String, @Nullable Object>> rows(List<AuditFinding> findings) {
        return findings.stream().map(Findings::row).toList();
    }

    /** How many there are, in words. */
    static String count(long findings) {
        return findings + (findings == 1 ? " finding" : " findings");
    }

    private static Map<String, @Nullable Object> row(AuditFinding finding) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("kind", finding.kind().name());
        row.put("chain", finding.chain());
        row.put("sequence", finding.sequence());
        row.put("entry_id", finding.entryId());
        row.put("words", finding.words());
        return row;
    }
}
