"""Digital-distance assessments: instrument files, scoring engine, assessments and plans."""
