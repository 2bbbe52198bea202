"""The council's register of providers: who they are, where they work, what they have shown, how they are graded."""
