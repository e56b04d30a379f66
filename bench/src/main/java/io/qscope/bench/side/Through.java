package io.qscope.bench.side;

import java.util.Locale;

/** By what qscope is called. */
public enum Through {
    STORAGE(""),
    SERVICES(", through the services"),
    SPRING(", through Spring Authorization Server");

    private final String title;

    Through(String title) {
        this.title = title;
    }

    /** A word for options and files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For titles, behind what is measured; nothing of what is the rule. */
    public String title() {
        return title;
    }
}
