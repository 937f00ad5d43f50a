"""The figures of a period and their words. Pure: counts in, figures and sentences out."""
